import { type Command, InvalidArgumentError } from 'commander';
import { type FunctionName, functionNames } from '../../shared/definitions/functions.ts';
import { setup } from './commands/setup.ts';
import { type WorkerOptions, worker } from './commands/worker.ts';
import type { CliContext, GlobalOptions } from './context.ts';
import { examples, type Finish, positiveWhole } from './program-parts.ts';
import type { ProgramTexts } from './program-texts.ts';

/** `regrade setup` and `regrade worker`: for Kafka and DynamoDB. */
export const addEngineCommands = (program: Command, context: CliContext, texts: ProgramTexts, finish: Finish): void => {
  program
    .command('setup')
    .description(texts.setup)
    .addHelpText('after', examples(texts, ['regrade setup', 'regrade setup --workspace acme/regrade.yaml']))
    .action((_options, command: Command) => finish(setup(context, command.optsWithGlobals<GlobalOptions>())));
  program
    .command('worker')
    .description(texts.worker)
    .argument('[function...]', texts.workerFunctions(functionNames.join(', ')), functionsOf(texts))
    .option('--port <port>', texts.workerPort, positiveWhole(texts))
    .addHelpText(
      'after',
      examples(texts, [
        'regrade worker',
        'regrade worker grade-customers act-on-changes',
        'regrade worker receive-webhook --port 8787',
      ]),
    )
    .action((names: readonly FunctionName[] | undefined, _options, command: Command) =>
      finish(worker(context, names ?? [], command.optsWithGlobals<WorkerOptions>())),
    );
};

/** Commander hands over one argument after the other, with what became of those before. */
const functionsOf =
  (texts: ProgramTexts) =>
  (name: string, before: readonly FunctionName[] | undefined): readonly FunctionName[] => {
    const known = functionNames.find((each) => each === name);
    if (known === undefined) throw new InvalidArgumentError(texts.noFunction(functionNames.join(', ')));
    return [...new Set([...(before ?? []), known])];
  };
