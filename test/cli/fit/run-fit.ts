import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { CliContext } from '../../../infra/cli/context.ts';
import { main } from '../../../infra/cli/main.ts';
import { fakeContext } from '../fake-context.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `regrade fit …` in this process, where no workspace is. */
export const runFit = async (argv: readonly string[], parts: Partial<CliContext> = {}): Promise<Ran> => {
  const terminal = fakeContext(parts);
  const code = await main(['fit', '--workspace', '/nowhere/regrade.yaml', ...argv], terminal.context);
  return { code, out: terminal.out, err: terminal.err };
};

/** A CSV file of facts in a folder. */
export const writeCsv = async (
  folder: string,
  rows: readonly (readonly (string | number)[])[],
  name = 'facts.csv',
): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, `${rows.map((row) => row.join(',')).join('\n')}\n`);
  return file;
};

/** What `--json` printed, as far as a test reads it. */
export const parsed = <T>(schema: z.ZodType<T>, { out }: Ran): T => schema.parse(JSON.parse(out));

export const HoldOut = z.object({
  days: z.number(),
  customers: z.number(),
  expected: z.number(),
  actual: z.number(),
  rows: z.array(
    z.object({
      repeats: z.number(),
      orMore: z.boolean(),
      customers: z.number(),
      expected: z.number(),
      actual: z.number(),
    }),
  ),
});
