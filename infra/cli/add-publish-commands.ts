import { type Command, Option } from 'commander';
import { models } from './commands/models.ts';
import { type PublishOptions, publish, type RollbackOptions, rollback } from './commands/publish.ts';
import type { CliContext } from './context.ts';
import { engineOption, examples, type Finish, jsonOptions, positiveWhole } from './program-parts.ts';
import type { ProgramTexts } from './program-texts.ts';
import { type PublishTexts, publishTexts } from './publish-texts.ts';

/** What decides from when on, and what did: publish, rollback, models. */
export const addPublishCommands = (
  program: Command,
  context: CliContext,
  texts: ProgramTexts,
  finish: Finish,
): void => {
  const says = publishTexts[context.language];
  addPublish(program, context, texts, finish);
  asked(program.command('rollback').description(says.rollback), texts, says)
    .option('--to <version>', says.to, positiveWhole(texts))
    .option('--model <id>', says.rollbackModel)
    .addHelpText(
      'after',
      examples(texts, ['regrade rollback --why "too strict"', 'regrade rollback --to 3 --why "too strict"']),
    )
    .action((_options, command: Command) => finish(rollback(context, command.optsWithGlobals<RollbackOptions>())));
  program
    .command('models')
    .description(says.models)
    .option('--json', texts.json)
    .addOption(engineOption(texts))
    .addHelpText('after', examples(texts, ['regrade models', 'regrade models --json']))
    .action((_options, command: Command) => finish(models(context, jsonOptions(command))));
};

const several = (file: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), file];

const addPublish = (program: Command, context: CliContext, texts: ProgramTexts, finish: Finish): void => {
  const says = publishTexts[context.language];
  asked(program.command('publish').description(says.publish), texts, says)
    .option('--model <file>', says.publishModel, several)
    .option('--yes', says.yes)
    .addHelpText(
      'after',
      examples(texts, [
        'regrade publish --model new.yaml --why "A starts at 2,000"',
        'regrade publish --model new.yaml --why "A starts at 2,000" --yes',
        'regrade publish --why "new cut-offs" --alerts digest --yes',
      ]),
    )
    .action((_options, command: Command) => finish(publish(context, command.optsWithGlobals<PublishOptions>())));
};

/** What publishing and going back are asked with alike. */
const asked = (command: Command, texts: ProgramTexts, says: PublishTexts): Command =>
  command
    .requiredOption('--why <reason>', says.why)
    .option('--by <name>', says.by)
    .addOption(new Option('--alerts <choice>', says.alerts).choices(['suppress', 'digest', 'send']).default('suppress'))
    .option('--no-wait', says.noWait)
    .addOption(engineOption(texts));
