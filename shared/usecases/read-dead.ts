import { connectionOfLetter, type DeadLetter, deadLetterIdOf } from '../domain/dead-letter.ts';
import { readDeadRecord, readReplayNote } from '../domain/dead-record.ts';
import type { Instant } from '../domain/instant.ts';
import type { DeadLetters } from '../ports/dead-letters.ts';

/** A letter, with what became of it. */
export interface DeadLetterEntry {
  /** See `deadLetterIdOf`. */
  readonly id: string;
  readonly letter: DeadLetter;
  /** When it was put among the dead. */
  readonly parkedAt: Instant;
  readonly replays: number;
  readonly replayedAt?: Instant;
}

/** A letter asks for all that are given. */
export interface DeadLetterFilter {
  /** The beginning of an id. */
  readonly id?: string;
  readonly reason?: string;
  readonly stage?: string;
  readonly connection?: string;
  /** Parked at this instant or later. */
  readonly since?: Instant;
  /** Parked before it. */
  readonly until?: Instant;
}

export type ParkedLetter = Pick<DeadLetterEntry, 'letter' | 'parkedAt'>;

export interface ReadDeadDeps {
  readonly dead: DeadLetters;
  /** Lower-case hex. */
  readonly hash: (text: string) => string;
  /** Stands before the names of topics in what others wrote. */
  readonly prefix: string;
}

/**
 * The dead letters that a filter wants, each once however often it was parked, in the order in which they were parked. Reads
 * the topic twice, once for what was replayed: letters are never all in memory. `source` brings letters from elsewhere instead.
 */
export const readDead = (deps: ReadDeadDeps) =>
  async function* (
    filter: DeadLetterFilter,
    source: AsyncIterable<ParkedLetter> = lettersOn(deps),
  ): AsyncGenerator<DeadLetterEntry, void, undefined> {
    const replays = await readReplays(deps.dead);
    const seen = new Set<string>();
    for await (const { letter, parkedAt } of source) {
      const id = deadLetterIdOf(letter, deps.hash);
      if (seen.has(id) || !wants(filter, id, { letter, parkedAt })) continue;
      seen.add(id);
      yield { id, letter, parkedAt, ...(replays.get(id) ?? { replays: 0 }) };
    }
  };

async function* lettersOn({ dead, prefix }: ReadDeadDeps): AsyncGenerator<ParkedLetter, void, undefined> {
  for await (const record of dead.read())
    for (const letter of readDeadRecord(record, prefix)) yield { letter, parkedAt: record.at };
}

type Replays = ReadonlyMap<string, { readonly replays: number; readonly replayedAt: Instant }>;

const readReplays = async (dead: DeadLetters): Promise<Replays> => {
  const found = new Map<string, { readonly replays: number; readonly replayedAt: Instant }>();
  for await (const { value } of dead.read()) {
    const note = readReplayNote(value);
    if (note === undefined) continue;
    const before = found.get(note.of);
    const replayedAt = Math.max(note.at, before?.replayedAt ?? note.at);
    found.set(note.of, { replays: (before?.replays ?? 0) + 1, replayedAt });
  }
  return found;
};

const wants = (filter: DeadLetterFilter, id: string, { letter, parkedAt }: ParkedLetter): boolean =>
  (filter.id === undefined || id.startsWith(filter.id)) &&
  (filter.reason === undefined || letter.reason === filter.reason) &&
  (filter.stage === undefined || letter.stage === filter.stage) &&
  (filter.connection === undefined || connectionOfLetter(letter) === filter.connection) &&
  (filter.since === undefined || parkedAt >= filter.since) &&
  (filter.until === undefined || parkedAt < filter.until);
