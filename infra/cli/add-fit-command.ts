import { type Command, Option } from 'commander';
import type { DropoutParams, TimeUnit } from '../../shared/grading/statistics/fitted-params.ts';
import { type FitOptions, fit } from './commands/fit.ts';
import type { CliContext } from './context.ts';
import { addLeadFits } from './fit/add-lead-fits.ts';
import { fitHelpTexts } from './fit/fit-help-texts.ts';
import { type FitProgram, fitOptions, listOf, shareOf, withTimezone } from './fit/fit-options.ts';
import { fitPopulation } from './fit/fit-population.ts';
import { fitPurchases } from './fit/fit-purchases.ts';
import { fitRfm } from './fit/fit-rfm.ts';
import { fitSpend } from './fit/fit-spend.ts';
import { fitValue } from './fit/fit-value.ts';
import type { Fit } from './fit/fitting.ts';
import { examples, type Finish, positiveWhole } from './program-parts.ts';
import type { ProgramTexts } from './program-texts.ts';

/** `regrade fit <what>`. */
export const addFitCommand = (program: Command, context: CliContext, texts: ProgramTexts, finish: Finish): void => {
  const help = fitHelpTexts[context.language];
  const parent = program
    .command('fit')
    .description(help.fit)
    .addHelpText(
      'after',
      examples(texts, [
        'regrade fit rfm',
        'regrade fit bgnbd --facts purchases.csv --holdout 90',
        'regrade fit population --model models/prospect-intent.yaml --write',
      ]),
    );
  const parts: FitProgram = { context, texts, help, finish };
  addPurchaseFits(parent, parts);
  addRfm(parent, parts);
  addLeadFits(parent, parts);
  addPopulation(parent, parts);
};

interface PurchaseOptions extends FitOptions {
  readonly events: readonly string[];
  readonly unit: TimeUnit;
  readonly holdout?: number;
}

interface ValueOptions extends PurchaseOptions {
  readonly purchases: DropoutParams['variant'];
  readonly months: number;
  readonly discount: number;
  readonly margin: number;
}

const addPurchaseFits = (parent: Command, parts: FitProgram): void => {
  const { help } = parts;
  for (const variant of ['bgnbd', 'mbgnbd'] as const)
    run(purchases(parent.command(variant).description(help[variant]), parts), parts, (asked) =>
      fitPurchases(variant, asked.optsWithGlobals<PurchaseOptions>()),
    );
  run(purchases(parent.command('gammagamma').description(help.gammagamma), parts), parts, (asked) =>
    fitSpend(asked.optsWithGlobals<PurchaseOptions>()),
  );
  const clv = purchases(parent.command('clv').description(help.clv), parts)
    .addOption(new Option('--purchases <model>', help.purchases).choices(['bgnbd', 'mbgnbd']).default('bgnbd'))
    .option('--months <count>', help.months, positiveWhole(parts.texts), 12)
    .option('--discount <share>', help.discount, shareOf(help), 0.01)
    .option('--margin <share>', help.margin, shareOf(help), 1);
  run(clv, parts, (asked) => {
    const options = asked.optsWithGlobals<ValueOptions>();
    return fitValue({ ...options, variant: options.purchases });
  });
};

const purchases = (command: Command, { help, texts }: FitProgram): Command =>
  withTimezone(fitOptions(command, { help, texts }), help)
    .option('--events <types>', help.events, listOf(help), ['invoice.paid'])
    .addOption(new Option('--unit <unit>', help.unit).choices(['week', 'day']).default('week'))
    .option('--holdout <days>', help.holdout, positiveWhole(texts))
    .addHelpText(
      'after',
      examples(texts, [
        `regrade fit ${command.name()}`,
        `regrade fit ${command.name()} --facts purchases.csv --as-of 2026-06-30 --holdout 90`,
        `regrade fit ${command.name()} --model models/retail-rfm.yaml --write`,
      ]),
    );

interface RfmOptions extends FitOptions {
  readonly events: readonly string[];
  readonly cuts?: 'plus-one' | 'exact';
}

const addRfm = (parent: Command, parts: FitProgram): void => {
  const { help, texts } = parts;
  const rfm = withTimezone(fitOptions(parent.command('rfm').description(help.rfm), parts), help)
    .option('--events <types>', help.events, listOf(help), ['invoice.paid'])
    .addOption(new Option('--cuts <rule>', help.cuts).choices(['plus-one', 'exact']))
    .addHelpText(
      'after',
      examples(texts, [
        'regrade fit rfm',
        'regrade fit rfm --facts orders.csv --type invoice.paid --columns customer=customer_id,at=order_date,amount=revenue',
        'regrade fit rfm --model models/retail-rfm.yaml --write',
      ]),
    );
  run(rfm, parts, (asked) => fitRfm(asked.optsWithGlobals<RfmOptions>()));
};

const addPopulation = (parent: Command, parts: FitProgram): void => {
  const { help, texts } = parts;
  const population = fitOptions(parent.command('population').description(help.population), parts).addHelpText(
    'after',
    examples(texts, ['regrade fit population --model models/prospect-intent.yaml --write']),
  );
  run(population, parts, () => fitPopulation);
};

const run = (command: Command, { context, finish }: FitProgram, fitOf: (command: Command) => Fit): void => {
  command.action(() => finish(fit(context, command.name(), fitOf(command), command.optsWithGlobals<FitOptions>())));
};
