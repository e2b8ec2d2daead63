import * as z from 'zod';

/** Tells that a record was sent again out of the dead letters. */
export interface ReplayMark {
  /** The dead letter's id. */
  readonly of: string;
  /** Which attempt this is: 2 for the first replay. */
  readonly attempt: number;
}

/** CloudEvents extension attributes (spec.md, "Extension Context Attributes"): lower-case letters and digits, at the top level. */
const Marked = z.object({ replayof: z.string().min(1).max(64), attempt: z.int().min(2) });

/** The mark of an event that was parsed as JSON. Attributes of that name that are not ours count as none. */
export const replayMarkOf = (json: unknown): ReplayMark | undefined => {
  if (typeof json !== 'object' || json === null || !('replayof' in json)) return undefined;
  const marked = Marked.safeParse(json);
  return marked.success ? { of: marked.data.replayof, attempt: marked.data.attempt } : undefined;
};

/** As {@link replayMarkOf}, of a record's value; text that is not JSON has none. */
export const replayMarkIn = (text: string): ReplayMark | undefined => replayMarkOf(objectIn(text));

const ownMark = /^\{"replayof":"[^"\\]*","attempt":\d+(,?)/;

/**
 * The same event under the same id, marked. An older mark of ours is replaced; everything else keeps its very bytes.
 * Undefined for text that is not a JSON object: nothing can be written into it. `of` holds no quotes or backslashes.
 */
export const markReplay = (text: string, { of, attempt }: ReplayMark): string | undefined => {
  if (objectIn(text) === undefined) return undefined;
  const body = text.trimStart().replace(ownMark, '{').slice(1);
  const comma = body.trimStart().startsWith('}') ? '' : ',';
  return `{"replayof":"${of}","attempt":${attempt}${comma}${body}`;
};

const objectIn = (text: string): object | undefined => {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : undefined;
  } catch {
    // text that is not JSON holds no object
    return undefined;
  }
};
