import type { DeadLetterEntry } from '../../../shared/usecases/read-dead.ts';
import type { CliContext, ExitCode } from '../context.ts';
import { type DeadSource, openDeadEntries } from '../dead-entries.ts';
import { type ValueFormat, valueFormat } from '../format-values.ts';
import { printTable } from '../print-table.ts';
import { type DeadFilterOptions, withDeadDesk } from '../with-dead-desk.ts';
import { type DeadTexts, deadTexts } from './dead-texts.ts';

export interface DeadListOptions extends DeadFilterOptions, DeadSource {
  readonly json: boolean;
  readonly limit: number;
}

/** What was given up, and what became of it. Payloads are not shown. */
export const deadList = (context: CliContext, options: DeadListOptions): Promise<ExitCode> =>
  withDeadDesk(context, options, async (at) => {
    const entries = await openDeadEntries(context, options, at);
    if (entries === undefined) return 1;
    const { newest, count, replayed } = await collect(entries.entriesOf(), options.limit);
    if (options.json) {
      context.out(`${JSON.stringify(newest.map(jsonOfLetter), null, 2)}\n`);
      return 0;
    }
    const texts = deadTexts[context.language];
    const format = valueFormat(context.language, at.loaded.workspace.timezone);
    if (count === 0) context.out(texts.none);
    else
      context.out(`${tableOf(newest, texts, format)}${texts.counted(format.number(count), format.number(replayed))}`);
    if (count > newest.length) context.out(texts.newest(format.number(newest.length)));
    return 0;
  });

type Listed = Omit<DeadLetterEntry, 'letter'> & { readonly letter: Omit<DeadLetterEntry['letter'], 'payload'> };

/** Oldest first, without payloads: they are large, and there may be many letters. */
const collect = async (entries: AsyncIterable<DeadLetterEntry>, limit: number) => {
  let newest: Listed[] = [];
  let [count, replayed] = [0, 0];
  const trim = (): void => {
    newest = newest.sort((a, b) => a.parkedAt - b.parkedAt).slice(-limit);
  };
  for await (const { letter, ...entry } of entries) {
    const { payload: _, ...rest } = letter;
    newest.push({ ...entry, letter: rest });
    count += 1;
    if (entry.replays > 0) replayed += 1;
    if (newest.length >= 2 * limit) trim();
  }
  trim();
  return { newest, count, replayed };
};

/** Enough to tell letters apart, and to name one. */
const shortId = (id: string): string => id.slice(0, 10);

export const originOf = ({ topic, partition, offset }: Listed['letter']): string => `${topic}-${partition}@${offset}`;

const tableOf = (entries: readonly Listed[], texts: DeadTexts, format: ValueFormat): string => {
  const titles = [texts.id, texts.parked, texts.stage, texts.reason, texts.origin, texts.key];
  const columns = [
    ...titles.map((title) => ({ title })),
    { title: texts.attempts, align: 'right' as const },
    { title: texts.state },
  ];
  const rows = entries.map(({ id, parkedAt, letter, replays }) => [
    shortId(id),
    format.instant(parkedAt),
    letter.stage,
    letter.reason,
    originOf(letter),
    letter.key,
    format.number(letter.attempts),
    stateOf(replays, texts, format),
  ]);
  return printTable(columns, rows);
};

export const stateOf = (replays: number, texts: DeadTexts, format: ValueFormat): string =>
  replays === 0 ? texts.open : texts.replayed(format.number(replays));

/** Instants as ISO 8601 in UTC. */
export const jsonOfLetter = ({ id, parkedAt, letter, replays, replayedAt }: Listed): object => ({
  id,
  parkedAt: new Date(parkedAt).toISOString(),
  replays,
  ...(replayedAt === undefined ? {} : { replayedAt: new Date(replayedAt).toISOString() }),
  ...letter,
  at: new Date(letter.at).toISOString(),
});
