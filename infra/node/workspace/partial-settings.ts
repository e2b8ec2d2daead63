import type * as z from 'zod';

type JsonSchema = z.core.JSONSchema.BaseSchema;
type Child = JsonSchema | boolean;

/**
 * Writes out what a segment may set: a schema marked `partOf: section` becomes that section of the document with nothing required,
 * whose lists may also be `{ append: [...] }`.
 */
export const withPartialSettings = (document: JsonSchema): JsonSchema => {
  const written = (schema: Child): Child => {
    if (typeof schema === 'boolean') return schema;
    const section = 'partOf' in schema ? document.properties?.[String(schema['partOf'])] : undefined;
    return section === undefined ? mapChildren(schema, written) : loosened(section);
  };
  return mapChildren(document, written);
};

/** Items of a list stay as they are: a list is written as a whole. */
const loosened = (schema: Child): Child => {
  if (typeof schema === 'boolean' || schema.$ref !== undefined) return schema;
  if (schema.type === 'array') {
    const { default: _default, ...list } = schema;
    return {
      anyOf: [
        list,
        { type: 'object', properties: { append: list }, required: ['append'], additionalProperties: false },
      ],
    };
  }
  const { required: _required, default: _default, oneOf, ...rest } = mapChildren(schema, loosened);
  // alternatives that miss what tells them apart all fit
  return oneOf === undefined ? rest : { ...rest, anyOf: oneOf };
};

/** A copy whose direct parts went through `map`. */
const mapChildren = (schema: JsonSchema, map: (child: Child) => Child): JsonSchema => {
  const { properties, additionalProperties, items, anyOf, oneOf } = schema;
  const mapped = (child: Child): JsonSchema => map(child) as JsonSchema;
  return {
    ...schema,
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([key, child]) => [key, mapped(child)])) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: mapped(additionalProperties) }),
    ...(items === undefined || Array.isArray(items) ? {} : { items: mapped(items) }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(mapped) }),
    ...(oneOf === undefined ? {} : { oneOf: oneOf.map(mapped) }),
  };
};
