import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CliContext, ExitCode, GlobalOptions } from './context.ts';
import type { ProgramTexts } from './program-texts.ts';
import { sendingTexts } from './sending-texts.ts';

/** Takes the work of the command that was asked for. */
export type Finish = (work: Promise<ExitCode>) => Promise<void>;

interface Json extends GlobalOptions {
  readonly json: boolean;
}

/** Options of the program and of the command together. */
export const jsonOptions = (command: Command): Json => ({ json: false, ...command.optsWithGlobals<GlobalOptions>() });

export const positive =
  (texts: ProgramTexts) =>
  (text: string): number => {
    const number = Number(text);
    if (Number.isFinite(number) && number > 0) return number;
    throw new InvalidArgumentError(texts.notANumber);
  };

export const positiveWhole =
  (texts: ProgramTexts) =>
  (text: string): number => {
    const number = Number(text);
    if (Number.isSafeInteger(number) && number > 0) return number;
    throw new InvalidArgumentError(texts.notANumber);
  };

export const engineOption = (texts: ProgramTexts): Option =>
  new Option('--engine <engine>', texts.engine).choices(['embedded', 'kafka-dynamodb']);

export const viaOption = ({ language }: Pick<CliContext, 'language'>): Option =>
  new Option('--via <way>', sendingTexts[language].via).choices(['stream', 'table']);

export const examples = (texts: ProgramTexts, lines: readonly string[]): string =>
  `\n${texts.examples}\n${lines.map((line) => `  $ ${line}\n`).join('')}`;
