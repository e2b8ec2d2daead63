import { connectionOfLetter } from '../../../shared/domain/dead-letter.ts';
import type { DeadLetterEntry } from '../../../shared/usecases/read-dead.ts';
import type { CliContext, ExitCode, GlobalOptions } from '../context.ts';
import { type DeadSource, openDeadEntries } from '../dead-entries.ts';
import { type ValueFormat, valueFormat } from '../format-values.ts';
import { printable, printTable } from '../print-table.ts';
import { withDeadDesk } from '../with-dead-desk.ts';
import { jsonOfLetter, originOf, stateOf } from './dead-list.ts';
import { type DeadTexts, deadTexts } from './dead-texts.ts';

export interface DeadShowOptions extends GlobalOptions, DeadSource {
  /** The beginning of an id that fits one letter. */
  readonly id: string;
  readonly json: boolean;
}

/** One letter whole, with its payload. */
export const deadShow = (context: CliContext, options: DeadShowOptions): Promise<ExitCode> =>
  withDeadDesk(context, options, async (at) => {
    const entries = await openDeadEntries(context, options, at);
    const entry = entries && (await theOne(context, options.id, entries.entriesOf()));
    if (entry === undefined) return 1;
    const texts = deadTexts[context.language];
    if (entry.letter.payload !== undefined) context.err(texts.personal);
    if (options.json) context.out(`${JSON.stringify(jsonOfLetter(entry), null, 2)}\n`);
    else context.out(pageOf(entry, texts, valueFormat(context.language, at.loaded.workspace.timezone)));
    return 0;
  });

/** Ids that are told where several begin alike. */
const shown = 10;

/** The only letter there is, or nothing after it was told why not. */
export const theOne = async (
  context: CliContext,
  id: string,
  entries: AsyncIterable<DeadLetterEntry>,
): Promise<DeadLetterEntry | undefined> => {
  const found: DeadLetterEntry[] = [];
  for await (const entry of entries) {
    found.push(entry);
    if (found.length > shown) break;
  }
  if (found.length === 1) return found[0];
  const texts = deadTexts[context.language];
  const lines = found.slice(0, shown).map(({ id: known, letter }) => `  ${known}  ${printable(letter.key)}\n`);
  context.err(
    found.length === 0
      ? texts.unknown(printable(id))
      : `${texts.several(printable(id))}${lines.join('')}${found.length > shown ? '  …\n' : ''}`,
  );
  return undefined;
};

const pageOf = (
  { id, letter, parkedAt, replays, replayedAt }: DeadLetterEntry,
  texts: DeadTexts,
  format: ValueFormat,
) => {
  const rows = [
    [texts.id, id],
    [texts.parked, format.instant(parkedAt)],
    [texts.stage, letter.stage],
    [texts.reason, letter.reason],
    [texts.detail, letter.detail],
    [texts.origin, `${originOf(letter)}  ${format.instant(letter.at)}`],
    [texts.connection, connectionOfLetter(letter) ?? '—'],
    [texts.key, letter.key],
    [texts.attempts, format.number(letter.attempts)],
    [texts.state, stateOf(replays, texts, format)],
    ...(replayedAt === undefined ? [] : [[texts.lastReplay, format.instant(replayedAt)]]),
  ];
  const [head = [], ...rest] = rows;
  const table = printTable(
    head.map((title) => ({ title })),
    rest,
  );
  return `${table}\n${texts.payload}\n${payloadLines(letter.payload, texts)}`;
};

const payloadLines = (payload: string | undefined, texts: DeadTexts): string => {
  if (payload === undefined) return `  ${texts.noPayload}\n`;
  return prettyOf(payload)
    .split('\n')
    .map((line) => `  ${line.match(/^ */)?.[0] ?? ''}${printable(line.trimStart())}\n`)
    .join('');
};

const prettyOf = (payload: string): string => {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    // not JSON, or nested too deep to be written again: as it is
    return payload;
  }
};
