import { type Command, InvalidArgumentError } from 'commander';
import type { CliContext } from '../context.ts';
import { engineOption, type Finish } from '../program-parts.ts';
import type { ProgramTexts } from '../program-texts.ts';
import type { FitHelpTexts } from './fit-help-texts.ts';

/** What a fit command needs besides its own options. */
export interface FitProgram {
  readonly context: CliContext;
  readonly texts: ProgramTexts;
  readonly help: FitHelpTexts;
  readonly finish: Finish;
}

/** What every fit takes: where the customers are, and which model it is for. */
export const fitOptions = (command: Command, { help, texts }: Pick<FitProgram, 'help' | 'texts'>): Command =>
  command
    .option('--facts <file>', help.facts)
    .option('--columns <list>', help.columns)
    .option('--type <type>', help.type)
    .option('--currency <code>', help.currency)
    .option('--as-of <date>', help.asOf)
    .option('--model <file>', help.model)
    .option('--write', help.write)
    .option('--json', texts.json)
    .addOption(engineOption(texts));

/** For fits that count days by themselves; a model's signals count them by the model's zone. */
export const withTimezone = (command: Command, help: FitHelpTexts): Command =>
  command.option('--timezone <zone>', help.timezone, (zone: string) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
    } catch (cause) {
      if (cause instanceof RangeError) throw new InvalidArgumentError(help.notAZone);
      throw cause;
    }
  });

export const listOf =
  (help: FitHelpTexts) =>
  (text: string): readonly string[] => {
    const names = text.split(',').flatMap((each) => (each.trim() === '' ? [] : [each.trim()]));
    if (names.length === 0) throw new InvalidArgumentError(help.notAList);
    return names;
  };

export const shareOf =
  (help: FitHelpTexts) =>
  (text: string): number => {
    const share = Number(text);
    if (text.trim() === '' || !(share >= 0 && share <= 1)) throw new InvalidArgumentError(help.notAShare);
    return share;
  };

/** `name=type,type`, several times. */
export const countsOf =
  (help: FitHelpTexts) =>
  (
    text: string,
    before: Readonly<Record<string, readonly string[]>> = {},
  ): Readonly<Record<string, readonly string[]>> => {
    const [name = '', types = ''] = text.split('=', 2).map((each) => each.trim());
    if (name === '' || types === '') throw new InvalidArgumentError(help.notACount);
    return { ...before, [name]: listOf(help)(types) };
  };
