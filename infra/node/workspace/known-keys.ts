import * as z from 'zod';
import { withPartialSettings } from './partial-settings.ts';
import type { Path } from './problem.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;
type Child = JsonSchema | boolean;

/** The JSON Schema of what people write: defaults may be left out. Refinements that JSON Schema cannot say are left out. */
export const writtenSchemaOf = (schema: z.ZodType): JsonSchema =>
  withPartialSettings(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));

/** The keys an object at `path` may have: of every alternative that the values written so far do not rule out. */
export const knownKeysAt = (schema: JsonSchema, json: unknown, path: Path): string[] => {
  let places = alternatives(schema, schema, json);
  let value = json;
  for (const step of path) {
    value = memberOf(value, step);
    places = places
      .flatMap((place) => childSchemas(place, step))
      .flatMap((child) => alternatives(schema, child, value));
  }
  return [...new Set(places.flatMap(keysOf))];
};

/** Fixed ones, and those that a record of listed keys allows. */
const keysOf = ({ properties, propertyNames }: JsonSchema): string[] => {
  const listed = typeof propertyNames === 'object' ? (propertyNames.enum ?? []) : [];
  return [...Object.keys(properties ?? {}), ...listed.map(String)];
};

/** A schema without its references and unions: the objects it may stand for, given what is written. */
const alternatives = (root: JsonSchema, schema: Child, value: unknown): JsonSchema[] => {
  if (typeof schema === 'boolean') return [];
  if (schema.$ref !== undefined) return alternatives(root, target(root, schema.$ref), value);
  const members = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (members === undefined) return [schema];
  return members.flatMap((member) => alternatives(root, member, value)).filter((member) => isPossible(member, value));
};

/** `#/$defs/name` or `#`: the only references the generator writes. */
const target = (root: JsonSchema, ref: string): JsonSchema => {
  const name = /^#\/\$defs\/(.+)$/.exec(ref)?.[1];
  return name === undefined ? root : (root.$defs?.[name] ?? {});
};

/** An alternative whose fixed values (vendor, kind, type) differ from what is written is not meant. */
const isPossible = (schema: JsonSchema, value: unknown): boolean =>
  Object.entries(schema.properties ?? {}).every(([key, property]) => {
    const written = memberOf(value, key);
    return (
      typeof property === 'boolean' ||
      property.const === undefined ||
      written === undefined ||
      property.const === written
    );
  });

const childSchemas = (schema: JsonSchema, step: PropertyKey): Child[] => {
  const { items, prefixItems, additionalProperties, properties } = schema;
  if (typeof step !== 'number') return [properties?.[String(step)] ?? additionalProperties ?? []].flat();
  return [prefixItems?.[step] ?? items ?? []].flat();
};

export const memberOf = (value: unknown, step: PropertyKey): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? (value as Record<PropertyKey, unknown>)[step]
    : undefined;
