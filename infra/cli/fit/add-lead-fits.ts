import { type Command, Option } from 'commander';
import { type FitOptions, fit } from '../commands/fit.ts';
import { examples, positive } from '../program-parts.ts';
import { fitBayesLeads } from './fit-bayes-leads.ts';
import { fitLogisticLeads } from './fit-logistic-leads.ts';
import { countsOf, type FitProgram, fitOptions, listOf } from './fit-options.ts';

interface LeadOptions extends FitOptions {
  readonly won: readonly string[];
  readonly lost: readonly string[];
  readonly before: number;
  readonly features?: readonly string[];
  readonly count?: Readonly<Record<string, readonly string[]>>;
}

interface LogisticCommandOptions extends LeadOptions {
  readonly penalty: number;
  readonly calibration: 'platt' | 'isotonic';
  readonly knownAfter?: readonly string[];
}

interface BayesCommandOptions extends LeadOptions {
  readonly stages?: readonly string[];
  readonly stageField: string;
}

/** `regrade fit logistic` and `regrade fit naive-bayes`. */
export const addLeadFits = (parent: Command, parts: FitProgram): void => {
  const { context, help, texts, finish } = parts;
  const logistic = leadCommand(parent.command('logistic').description(help.logistic), parts)
    .option('--penalty <strength>', help.penalty, positive(texts), 1)
    .addOption(new Option('--calibration <method>', help.calibration).choices(['platt', 'isotonic']).default('platt'))
    .option('--known-after <names>', help.knownAfter, listOf(help));
  logistic.action(() => {
    const options = logistic.optsWithGlobals<LogisticCommandOptions>();
    const { penalty, calibration, knownAfter: knownAfterwards = [] } = options;
    const work = fitLogisticLeads({ ...ruleOf(options), penalty, calibration, knownAfterwards });
    return finish(fit(context, 'logistic', work, options));
  });
  const bayes = leadCommand(parent.command('naive-bayes').description(help.bayes), parts)
    .option('--stages <names>', help.stages, listOf(help))
    .option('--stage-field <name>', help.stage, 'stage');
  bayes.action(() => {
    const options = bayes.optsWithGlobals<BayesCommandOptions>();
    const { stages = [], stageField: stage } = options;
    return finish(fit(context, 'naive-bayes', fitBayesLeads({ ...ruleOf(options), stages, stage }), options));
  });
};

const leadCommand = (command: Command, { help, texts }: FitProgram): Command =>
  fitOptions(command, { help, texts })
    .option('--won <types>', help.won, listOf(help), ['deal.won'])
    .option('--lost <types>', help.lost, listOf(help), ['deal.lost'])
    .option('--before <days>', help.before, positive(texts), 1)
    .option('--features <names>', help.features, listOf(help))
    .option('--count <name=types>', help.count, countsOf(help))
    .addHelpText(
      'after',
      examples(texts, [
        `regrade fit ${command.name()} --facts leads.csv`,
        `regrade fit ${command.name()} --facts leads.csv --before 14 --count meetings=meeting.held`,
        `regrade fit ${command.name()} --facts leads.csv --model models/prospect-intent.yaml --write`,
      ]),
    );

const ruleOf = ({ won, lost, before, features, count }: LeadOptions) => ({
  ...{ won, lost, daysBefore: before, features, counts: count ?? {} },
});
