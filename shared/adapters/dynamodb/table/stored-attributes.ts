import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import { PipelineError } from '../../../domain/pipeline-error.ts';
import type { Item } from './requests.ts';

/** Attribute values as DynamoDB hands them out. */
export const storedText = z.object({ S: z.string() }).transform(({ S }) => S);
export const storedNumber = z
  .object({ N: z.string() })
  .transform(({ N }) => Number(N))
  .pipe(z.number());
export const storedBytes = z.object({ B: z.instanceof(Uint8Array) }).transform(({ B }) => B);

/** A text that holds JSON of this shape. */
export const storedJson = <T>(schema: z.ZodType<T>) =>
  storedText.transform((text): T => schema.parse(JSON.parse(text) as unknown));

/**
 * Reads what a stored item says.
 *
 * @throws {PipelineError} `STORE_CORRUPT`, not retryable, when it is not of this shape.
 */
export const readItem = <T>(what: string, schema: z.ZodType<T>, item: unknown): T => {
  try {
    return schema.parse(item);
  } catch (cause) {
    throw corruptItem(what, cause);
  }
};

export const corruptItem = (what: string, cause?: unknown): PipelineError =>
  new PipelineError('STORE_CORRUPT', `a stored ${what} cannot be read`, { retryable: false, cause });

/** First of the bytes: how the others are to be read. 1 is JSON, deflated without a header (RFC 1951). */
const deflated = 1;

export const deflateJson = (value: unknown): Uint8Array =>
  Buffer.concat([Uint8Array.of(deflated), deflateRawSync(JSON.stringify(value))]);

/** What {@link deflateJson} made. Throws on anything else. */
export const inflateJson = <T>(schema: z.ZodType<T>, bytes: Uint8Array): T => {
  if (bytes[0] !== deflated) throw new Error('the format is unknown');
  return schema.parse(JSON.parse(inflateRawSync(bytes.subarray(1)).toString('utf8')) as unknown);
};

/** Most bytes that one item holds of something that takes several: far enough from 100 KB for what stands beside them. */
export const mostPartBytes = 90_000;

/** The bytes in slices that fit one item each; at least one. */
export const slicesOf = (bytes: Uint8Array): readonly Uint8Array[] =>
  Array.from({ length: Math.max(1, Math.ceil(bytes.length / mostPartBytes)) }, (_, index) =>
    bytes.subarray(index * mostPartBytes, (index + 1) * mostPartBytes),
  );

/** `SET` of all these attributes: the clause, and what its placeholders stand for. */
export const settingOf = (attributes: Item) => {
  const names = Object.keys(attributes);
  return {
    clause: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
    names: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    values: Object.fromEntries(names.map((name) => [`:${name}`, attributes[name] ?? { NULL: true }])),
  };
};
