import { type Topic, topics } from '../definitions/topics.ts';
import { type DeadLetter, inboxOrigin } from './dead-letter.ts';
import { Hint, outgoingHint } from './hint.ts';
import type { TenantId } from './ids.ts';
import { markReplay } from './replay-mark.ts';

/** `no-payload`: nothing was kept. `garbage`: not a JSON object. `no-topic`: it came from no topic of ours. */
export type WhyNot = 'no-payload' | 'garbage' | 'no-topic';

export type LetterReplay =
  | {
      readonly replayable: true;
      readonly topic: Topic;
      readonly record: { readonly key: string; readonly value: string };
    }
  | { readonly replayable: false; readonly why: WhyNot };

export interface ReplaySettings {
  readonly tenant: TenantId;
  /** Sends text that is no JSON object as it is. */
  readonly force: boolean;
}

/**
 * The record that sends a letter's record again: on its topic, under its key and event id, marked with the letter's id. What
 * was read back from a CRM is asked for anew by a hint.
 */
export const replayLetter = (id: string, letter: DeadLetter, settings: ReplaySettings): LetterReplay => {
  if (letter.topic === inboxOrigin) return hintAgain(id, letter, settings.tenant);
  const topic = replayed.find((name) => name === letter.topic);
  if (topic === undefined) return { replayable: false, why: 'no-topic' };
  if (letter.payload === undefined) return { replayable: false, why: 'no-payload' };
  const marked = markReplay(letter.payload, { of: id, attempt: letter.attempts + 1 });
  if (marked === undefined && !settings.force) return { replayable: false, why: 'garbage' };
  return { replayable: true, topic, record: { key: letter.key, value: marked ?? letter.payload } };
};

const replayed: readonly Topic[] = [topics.webhooks, topics.events, topics.cohorts, topics.changes];

const hintAgain = (id: string, { key, at, attempts }: DeadLetter, tenant: TenantId): LetterReplay => {
  const [connection, object, ...rest] = key.split('/');
  const delivery = `dead/${id}`;
  const hint = Hint.safeParse({
    ...{ tenant, connection, object, id: rest.join('/') },
    ...{ operation: 'upsert', delivery, receivedAt: at },
  });
  if (!hint.success) return { replayable: false, why: 'no-topic' };
  const { value } = outgoingHint(hint.data, 0);
  const marked = markReplay(value, { of: id, attempt: attempts + 1 }) ?? value;
  return { replayable: true, topic: topics.webhooks, record: { key, value: marked } };
};
