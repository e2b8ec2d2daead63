import * as z from 'zod';
import { limits } from '../../../definitions/limits.ts';
import type { RecordMapping } from '../../../definitions/mapping.ts';
import { textAt, valueAt } from '../../../domain/path.ts';
import { type JsonValue, readJson } from '../../../domain/read-json.ts';
import type { Delivery, Entered, Entrance, HintedRecord } from '../../../ports/entrance.ts';
import { type GenericSignature, proofOfGeneric } from './entrance-signature.ts';

export interface GenericEntranceOptions {
  readonly signature: GenericSignature;
  /** Where the list of records stands; without it the body is one record. */
  readonly items?: string | undefined;
  /** Where the kind of record stands: in the record, or else once for all in the body. */
  readonly object: string;
  /** Where a deletion shows, looked for in the same two places. */
  readonly deletion?: { readonly path: string; readonly values: readonly string[] } | undefined;
  readonly records: Readonly<Record<string, RecordMapping>>;
}

/** Text that every store and every topic carries unchanged: no control characters, no half of a surrogate pair. */
const ObjectName = z
  .string()
  .max(64)
  .regex(/^[^/\p{Cc}\p{Cs}]+$/u);
const RecordId = z
  .string()
  .max(128)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u);

type Payload = NonNullable<HintedRecord['payload']>;

const Items = z
  .array(z.custom<Payload>((item) => item !== null && typeof item === 'object' && !Array.isArray(item)))
  .max(limits.hintsPerDelivery);

type Read =
  | { readonly ok: true; readonly hints: readonly HintedRecord[] }
  | { readonly ok: false; readonly reason: string };

/**
 * Any sender that signs: Standard Webhooks, or an HMAC of the body in a header. Records come with their content (fat), in
 * a body of JSON. A kind of record without a mapping is a hint all the same, if its id stands at `id`.
 *
 * @throws {PipelineError} `CONFIG_INVALID`, not retryable, when it is built with a secret that is none.
 */
export const genericEntrance = (options: GenericEntranceOptions): Entrance => {
  const prove = proofOfGeneric(options.signature);
  const enter = (delivery: Delivery): Entered => {
    const name = prove(delivery);
    if (name === undefined) return { outcome: 'forged' };
    const json = readJson(delivery.body);
    if (!json.ok) return { outcome: 'unreadable', reason: json.reason };
    const read = readItems(json.value, options);
    return read.ok
      ? { outcome: 'accepted', delivery: name, hints: lastOfEach(read.hints, options) }
      : { outcome: 'unreadable', reason: read.reason };
  };
  return { enter };
};

const readItems = (body: JsonValue, options: GenericEntranceOptions): Read => {
  const items = Items.safeParse(options.items === undefined ? [body] : valueAt(body, options.items));
  if (!items.success) return { ok: false, reason: reasonOf(items.error, options) };
  const hints: HintedRecord[] = [];
  for (const [index, item] of items.data.entries()) {
    const hint = hintOf(item, body, options);
    if (typeof hint === 'string') return { ok: false, reason: `record ${index + 1} ${hint}` };
    hints.push(hint);
  }
  return { ok: true, hints };
};

const reasonOf = (error: z.ZodError, { items }: GenericEntranceOptions): string => {
  const issue = error.issues[0];
  const index = issue?.path[0];
  if (typeof index === 'number') return `record ${index + 1} is not an object`;
  if (issue?.code === 'too_big') return `more than ${limits.hintsPerDelivery} records in one delivery`;
  return `no list stands at ${items ?? 'the top'}`;
};

/** The hint, or what is wrong with the item. */
const hintOf = (
  item: Payload,
  body: JsonValue,
  { object: path, deletion, records }: GenericEntranceOptions,
): HintedRecord | string => {
  const object = ObjectName.safeParse(textAt(item, path) ?? textAt(body, path));
  if (!object.success) return `has no usable kind at ${path}`;
  const idPath = mappingOf(object.data, records)?.id ?? 'id';
  const id = RecordId.safeParse(textAt(item, idPath));
  if (!id.success) return `has no usable id at ${idPath}`;
  const shown = deletion === undefined ? undefined : (textAt(item, deletion.path) ?? textAt(body, deletion.path));
  const isGone = shown !== undefined && deletion?.values.includes(shown) === true;
  return { object: object.data, id: id.data, operation: isGone ? 'delete' : 'upsert', payload: item };
};

const mappingOf = (object: string, records: GenericEntranceOptions['records']): RecordMapping | undefined =>
  Object.hasOwn(records, object) ? records[object] : undefined;

/** Where arrival is the version, one delivery says one thing of a record: the last it says. */
const lastOfEach = (hints: readonly HintedRecord[], { records }: GenericEntranceOptions): readonly HintedRecord[] => {
  if (hints.length < 2) return hints;
  const last = new Map(hints.map((hint) => [keyOf(hint), hint]));
  return hints.filter(
    (hint) => mappingOf(hint.object, records)?.version !== undefined || last.get(keyOf(hint)) === hint,
  );
};

const keyOf = ({ object, id }: HintedRecord): string => `${object}/${id}`;
