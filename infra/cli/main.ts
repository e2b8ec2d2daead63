import { readFile } from 'node:fs/promises';
import { CommanderError } from 'commander';
import * as z from 'zod';
import { buildProgram } from './build-program.ts';
import type { CliContext, ExitCode } from './context.ts';
import { describeFailure } from './describe-failure.ts';
import { printable } from './print-table.ts';
import { programTexts } from './program-texts.ts';
import { wire } from './wire.ts';

/** Runs one command line; what it has to say it has said when this resolves. Never rejects. */
export const main = async (argv: readonly string[], context: CliContext = wire(argv)): Promise<ExitCode> => {
  try {
    return await buildProgram(context, await ownVersion()).run(argv.length === 0 ? ['--help'] : argv);
  } catch (error) {
    if (error instanceof CommanderError) return usage(error, argv, context);
    if (context.environment['REGRADE_DEBUG'] === '1' && error instanceof Error) context.err(`${error.stack ?? ''}\n`);
    context.err(describeFailure(error, context.language));
    return 1;
  }
};

/** Help and version are no failures; everything else commander throws is a command line it did not understand. */
const usage = (error: CommanderError, argv: readonly string[], context: CliContext): ExitCode => {
  if (error.exitCode === 0) return 0;
  // a command of commands by itself: its help was shown
  if (error.code === 'commander.help') return 2;
  const texts = programTexts[context.language];
  const command = argv.find((argument) => commands.includes(argument));
  const message = printable(error.message.replace(/^error: /, '').replace('\n', ' '));
  context.err(
    `regrade: ${texts.usage(error.code, message)}\n    → ${texts.seeHelp(command === undefined ? 'regrade' : `regrade ${command}`)}\n`,
  );
  return 2;
};

const commands = [
  'init',
  'check',
  'start',
  'explain',
  'status',
  'verify',
  'schema',
  'setup',
  'worker',
  'dead',
  'simulate',
  'backtest',
  'diff',
  'fit',
  'cost',
  'hold',
  'release',
  'merge',
  'unmerge',
  'publish',
  'rollback',
  'models',
  'doctor',
  'topics',
  'secrets',
];

const ownVersion = async (): Promise<string> => {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(manifest)).version;
};
