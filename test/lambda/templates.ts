import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const Resource = z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) });
const Template = z.object({
  Resources: z.record(z.string(), Resource),
  Outputs: z
    .record(z.string(), z.object({ Value: z.unknown(), Export: z.object({ Name: z.unknown() }).optional() }))
    .default({}),
});
const Manifest = z.object({
  files: z.record(z.string(), z.object({ source: z.object({ path: z.string().optional() }) })),
});

/** A resource of a stack, its properties as CloudFormation would see them once everything they refer to is there. */
export interface Deployed {
  readonly stack: string;
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface Templates {
  /** In the order of the stacks and of their templates. */
  ofType(type: string): readonly Deployed[];
  /** The folder of an asset, by the key under which a function's code is looked up. */
  assetFolder(stack: string, key: string): string;
}

/** What a resource is called, or what one of its attributes says, once it is there. Its properties are as the template has them. */
export type PhysicalName = (resource: Deployed, attribute: string | undefined) => string;

/** Synthesised stacks, read from the folder of the app, with references resolved: as much of CloudFormation's functions as they use. */
export const readTemplates = (folder: string, stacks: readonly string[], nameOf: PhysicalName): Templates => {
  const read = <T>(schema: z.ZodType<T>, file: string): T =>
    schema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
  const templates = new Map(stacks.map((stack) => [stack, read(Template, `${stack}.template.json`)]));

  const exported = (name: unknown): unknown => {
    for (const [stack, { Outputs }] of templates)
      for (const output of Object.values(Outputs))
        if (output.Export !== undefined && resolve(output.Export.Name, stack) === name)
          return resolve(output.Value, stack);
    throw new Error(`no stack exports ${String(name)}`);
  };
  const physical = (stack: string, id: string, attribute?: string): string => {
    const resource = templates.get(stack)?.Resources[id];
    if (resource === undefined) throw new Error(`${stack} has no resource ${id}`);
    return nameOf({ stack, id, type: resource.Type, properties: resource.Properties }, attribute);
  };
  const resolve = (value: unknown, stack: string): unknown => {
    if (Array.isArray(value)) return value.map((each) => resolve(each, stack));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value as Record<string, unknown>);
    const [first] = entries;
    if (entries.length !== 1 || first === undefined || !isFunction(first[0]))
      return Object.fromEntries(entries.map(([key, each]) => [key, resolve(each, stack)]));
    const [word, operand] = first;
    switch (word) {
      case 'Ref':
        return pseudo[String(operand)] ?? physical(stack, String(operand));
      case 'Fn::GetAtt': {
        const [id, attribute] = operand as [string, string];
        return physical(stack, id, attribute);
      }
      case 'Fn::ImportValue':
        return exported(resolve(operand, stack));
      case 'Fn::Join': {
        const [separator, parts] = resolve(operand, stack) as [string, string[]];
        return parts.join(separator);
      }
      case 'Fn::Split': {
        const [separator, text] = resolve(operand, stack) as [string, string];
        return text.split(separator);
      }
      case 'Fn::Select': {
        const [index, parts] = resolve(operand, stack) as [number | string, unknown[]];
        return parts[Number(index)];
      }
      default:
        return `${word} of ${stack}`;
    }
  };

  return {
    ofType: (type) =>
      [...templates].flatMap(([stack, { Resources }]) =>
        Object.entries(Resources)
          .filter(([, resource]) => resource.Type === type)
          .map(([id, { Properties }]) => ({
            ...{ stack, id, type },
            properties: resolve(Properties, stack) as Deployed['properties'],
          })),
      ),
    assetFolder: (stack, key) => {
      const path = read(Manifest, `${stack}.assets.json`).files[key.replace(/\.zip$/, '')]?.source.path;
      if (path === undefined) throw new Error(`${stack} has no asset ${key}`);
      return join(folder, path);
    },
  };
};

const isFunction = (key: string): boolean => key === 'Ref' || key.startsWith('Fn::');

const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-central-1',
  'AWS::AccountId': '111122223333',
  'AWS::URLSuffix': 'amazonaws.com',
};
