import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { Instant } from '../../shared/domain/instant.ts';

/** How far the replay got, in invoices of the file. What lies between `taken` and `offered` is told again after a crash. */
export const DemoPosition = z.object({
  /** Written into the CRM, or about to be. */
  offered: z.int().nonnegative(),
  /** Of these, received and graded. */
  taken: z.int().nonnegative(),
  /** The simulated clock. */
  clock: Instant,
});
export type DemoPosition = Readonly<z.infer<typeof DemoPosition>>;

export const positionFileOf = (folder: string): string => join(folder, 'position.json');

/** Undefined before the first invoice, and for a file that nobody can read: then everything is told again, which does no harm. */
export const readPosition = (folder: string): DemoPosition | undefined => {
  const file = positionFileOf(folder);
  if (!existsSync(file)) return undefined;
  try {
    return DemoPosition.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** The old position or the new one is there, whenever the process ends. */
export const savePosition = (folder: string, position: DemoPosition): void => {
  const file = positionFileOf(folder);
  writeFileSync(`${file}.next`, JSON.stringify(position));
  renameSync(`${file}.next`, file);
};
