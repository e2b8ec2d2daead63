import type { DeadLetters } from '../../shared/ports/dead-letters.ts';
import { hashing } from '../../shared/runtime/hashing.ts';
import { type DeadLetterEntry, readDead } from '../../shared/usecases/read-dead.ts';
import { deadTexts } from './commands/dead-texts.ts';
import type { CliContext } from './context.ts';
import { printable } from './print-table.ts';
import { failureFilesIn, readFailureFiles } from './read-failure-files.ts';
import type { AtDesk } from './with-dead-desk.ts';

export interface DeadSource {
  /** A file of AWS's failure records, or a folder of such, instead of the dead-letter topic. */
  readonly file?: string;
}

export interface DeadEntries {
  /** From the beginning with each call. */
  entriesOf(): AsyncIterable<DeadLetterEntry>;
  /** Files of which something could not be read. */
  odd(): number;
}

/**
 * The letters asked for, from the topic or from files. What is odd is told once. Undefined after it was told that the topic is out
 * of reach; letters of files are there without it, only what was replayed of them is not known.
 */
export const openDeadEntries = async (
  context: CliContext,
  { file }: DeadSource,
  { desk, filter }: AtDesk,
): Promise<DeadEntries | undefined> => {
  const texts = deadTexts[context.language];
  const { prefix } = desk;
  const canRead = await desk.canRead();
  if (!canRead && file === undefined) {
    context.err(texts.outOfReach);
    return undefined;
  }
  if (!canRead) context.err(texts.notesOutOfReach);
  const read = readDead({ dead: canRead ? desk.letters : noLetters, hash: hashing.sha256, prefix });
  if (file === undefined) return { entriesOf: () => read(filter), odd: () => 0 };
  const files = await failureFilesIn(file);
  const odd = new Set<string>();
  const unreadable = (name: string, reason: string): void => {
    if (odd.has(name)) return;
    odd.add(name);
    context.err(texts.noFile(printable(name), reason));
  };
  return { entriesOf: () => read(filter, readFailureFiles({ files, prefix, unreadable })), odd: () => odd.size };
};

const noLetters: DeadLetters = {
  read: async function* () {
    // none can be read from here
  },
};
