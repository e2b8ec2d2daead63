import { type Command, Option } from 'commander';
import { type BacktestOptions, backtest } from './commands/backtest.ts';
import { diff } from './commands/diff.ts';
import { type SimulateOptions, simulateModel } from './commands/simulate.ts';
import type { CliContext } from './context.ts';
import { modelCommandTexts } from './model-command-texts.ts';
import { engineOption, examples, type Finish, jsonOptions, positiveWhole } from './program-parts.ts';
import type { ProgramTexts } from './program-texts.ts';

/** What is asked of a model before it decides anything: simulate, backtest, diff. */
export const addModelCommands = (program: Command, context: CliContext, texts: ProgramTexts, finish: Finish): void => {
  addSimulate(program, context, texts, finish);
  addBacktest(program, context, texts, finish);
  addDiff(program, context, texts, finish);
};

const addSimulate = (program: Command, context: CliContext, texts: ProgramTexts, finish: Finish): void => {
  const says = modelCommandTexts[context.language];
  program
    .command('simulate')
    .description(says.simulate)
    .requiredOption('--model <file>', says.simulateModel)
    .option('--value <signal>', says.value)
    .option('--by <attribute>', says.by)
    .option('--top <count>', says.top, positiveWhole(texts), 20)
    .option('--csv <file>', says.csv)
    .option('--json', texts.json)
    .addOption(engineOption(texts))
    .addHelpText(
      'after',
      examples(texts, [
        'regrade simulate --model new.yaml',
        'regrade simulate --model new.yaml --by region --value revenue12m',
        'regrade simulate --model new.yaml --csv movers.csv',
        'regrade simulate --model new.yaml --json',
      ]),
    )
    .action((_options, command: Command) =>
      finish(simulateModel(context, { json: false, ...command.optsWithGlobals<Omit<SimulateOptions, 'json'>>() })),
    );
};

const several = (file: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), file];

const addBacktest = (program: Command, context: CliContext, texts: ProgramTexts, finish: Finish): void => {
  const says = modelCommandTexts[context.language];
  program
    .command('backtest')
    .description(says.backtest)
    .requiredOption('--model <file>', says.backtestModel, several)
    .option('--facts <file>', says.facts)
    .option('--columns <names>', says.columns)
    .option('--type <type>', says.type)
    .option('--currency <code>', says.currency)
    .option('--from <instant>', says.from)
    .option('--to <instant>', says.to)
    .addOption(new Option('--guards <use>', says.guards).choices(['on', 'off']).default('on'))
    .option('--count-first', says.countFirst)
    .option('--won <types>', says.won)
    .option('--lost <types>', says.lost)
    .option('--repurchase <types>', says.repurchase)
    .option('--churn <types>', says.churn)
    .option('--within <days>', says.within, positiveWhole(texts), 90)
    .option('--json', texts.json)
    .addOption(engineOption(texts))
    .addHelpText(
      'after',
      examples(texts, [
        'regrade backtest --model m.yaml --from 2026-01-01 --to 2026-07-01',
        'regrade backtest --model m.yaml --facts facts.csv --repurchase invoice.paid --within 90',
        'regrade backtest --model old.yaml --model new.yaml --facts facts.csv --json',
      ]),
    )
    .action((_options, command: Command) =>
      finish(backtest(context, { json: false, ...command.optsWithGlobals<Omit<BacktestOptions, 'json'>>() })),
    );
};

const addDiff = (program: Command, context: CliContext, texts: ProgramTexts, finish: Finish): void => {
  const says = modelCommandTexts[context.language];
  program
    .command('diff')
    .description(says.diff)
    .argument('<old>', says.diffOld)
    .argument('<new>', says.diffNew)
    .option('--json', texts.json)
    .addOption(engineOption(texts))
    .addHelpText(
      'after',
      examples(texts, ['regrade diff old.yaml new.yaml', 'regrade diff 1 2', 'regrade diff 3 new.yaml --json']),
    )
    .action((before: string, after: string, _options, command: Command) =>
      finish(diff(context, { ...jsonOptions(command), before, after })),
    );
};
