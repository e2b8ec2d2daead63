import type { Command } from 'commander';
import { type HoldOptions, hold } from './commands/hold.ts';
import { type MergeOptions, merge } from './commands/merge.ts';
import { type ReleaseOptions, release } from './commands/release.ts';
import { type UnmergeOptions, unmerge } from './commands/unmerge.ts';
import type { CliContext } from './context.ts';
import { customerTexts } from './customer-texts.ts';
import { engineOption, examples, type Finish, viaOption } from './program-parts.ts';
import type { ProgramTexts } from './program-texts.ts';

/** What a person decides about one customer: `hold`, `release`, `merge`, `unmerge`. */
export const addCustomerCommands = (
  program: Command,
  context: CliContext,
  texts: ProgramTexts,
  finish: Finish,
): void => {
  addHolds(program, context, texts, finish);
  addMerges(program, context, texts, finish);
};

/** The options that every command has which a person answers for. */
const answeredFor = (command: Command, context: CliContext, texts: ProgramTexts): Command => {
  const says = customerTexts[context.language];
  return command
    .requiredOption('--why <text>', says.why)
    .option('--by <name>', says.by)
    .addOption(viaOption(context))
    .addOption(engineOption(texts));
};

const addHolds = (program: Command, context: CliContext, texts: ProgramTexts, finish: Finish): void => {
  const says = customerTexts[context.language];
  const setting = program.command('hold').description(says.hold).argument('<customer>', texts.customer);
  setting.requiredOption('--grade <grade>', says.grade).option('--until <day>', says.until);
  answeredFor(setting, context, texts)
    .addHelpText(
      'after',
      examples(texts, [
        'regrade hold account:shop:42 --grade A --until 2026-12-31 --why "signs in January"',
        'regrade hold "Acme Ltd" --grade B --why "pays late" --by ann',
      ]),
    )
    .action((customer: string, _options, command: Command) =>
      finish(hold(context, { ...command.optsWithGlobals<Omit<HoldOptions, 'customer'>>(), customer })),
    );
  const clearing = program.command('release').description(says.release).argument('<customer>', texts.customer);
  answeredFor(clearing, context, texts)
    .addHelpText('after', examples(texts, ['regrade release account:shop:42 --why "signed"']))
    .action((customer: string, _options, command: Command) =>
      finish(release(context, { ...command.optsWithGlobals<Omit<ReleaseOptions, 'customer'>>(), customer })),
    );
};

const addMerges = (program: Command, context: CliContext, texts: ProgramTexts, finish: Finish): void => {
  const says = customerTexts[context.language];
  const joining = program.command('merge').description(says.merge).argument('<customer>', says.loser);
  answeredFor(joining.requiredOption('--into <customer>', says.into), context, texts)
    .addHelpText(
      'after',
      examples(texts, [
        'regrade merge account:shop:43 --into account:shop:42 --why "entered twice"',
        'regrade merge lead:shop:7 --into account:shop:42 --why "bought"',
      ]),
    )
    .action((customer: string, _options, command: Command) =>
      finish(merge(context, { ...command.optsWithGlobals<Omit<MergeOptions, 'customer'>>(), customer })),
    );
  const parting = program.command('unmerge').description(says.unmerge).argument('<customer>', says.part);
  answeredFor(parting, context, texts)
    .addHelpText('after', examples(texts, ['regrade unmerge account:shop:43 --why "two shops after all"']))
    .action((customer: string, _options, command: Command) =>
      finish(unmerge(context, { ...command.optsWithGlobals<Omit<UnmergeOptions, 'customer'>>(), customer })),
    );
};
