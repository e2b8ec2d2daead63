import { type Command, InvalidArgumentError } from 'commander';
import { type CostOptions, cost } from './commands/cost.ts';
import type { CliContext } from './context.ts';
import { type CostTexts, costTexts } from './cost-texts.ts';
import { examples, type Finish, positive } from './program-parts.ts';
import type { ProgramTexts } from './program-texts.ts';

/** What concerns a deployment on AWS without asking it: cost. */
export const addAwsCommands = (program: Command, context: CliContext, texts: ProgramTexts, finish: Finish): void => {
  const says = costTexts[context.language];
  const share = numberWithin(0, 1, says.notAShare);
  const count = numberWithin(0, Number.MAX_SAFE_INTEGER, says.notACount);
  program
    .command('cost')
    .description(says.cost)
    .requiredOption('--webhooks-per-month <count>', says.webhooks, count)
    .requiredOption('--customers <count>', says.customers, count)
    .option('--region <region>', says.region, region(says))
    .option('--webhook-kb <kb>', says.webhookKb, positive(texts))
    .option('--changes-share <share>', says.changesShare, count)
    .option('--read-back-share <share>', `${says.readBackShare}; ${says.byWorkspace}`, share)
    .option('--ranked-share <share>', `${says.rankedShare}; ${says.byWorkspace}`, share)
    .option('--deliveries-per-change <count>', says.deliveriesPerChange, count)
    .option('--records-per-customer <count>', says.recordsPerCustomer, count)
    .option('--records-per-call <count>', says.recordsPerCall, positive(texts))
    .option('--json', texts.json)
    .addHelpText(
      'after',
      examples(texts, [
        'regrade cost --webhooks-per-month 1000000 --customers 100000',
        'regrade cost --webhooks-per-month 50000 --customers 8000 --stage trial --region eu-central-1',
        'regrade cost --webhooks-per-month 1000000 --customers 100000 --read-back-share 0 --changes-share 0.01 --json',
      ]),
    )
    .action((_options, command: Command) => finish(cost(context, command.optsWithGlobals<CostOptions>())));
};

const numberWithin =
  (least: number, most: number, otherwise: string) =>
  (text: string): number => {
    const number = Number(text);
    if (text.trim() === '' || !(number >= least && number <= most)) throw new InvalidArgumentError(otherwise);
    return number;
  };

const region =
  (says: CostTexts) =>
  (text: string): string => {
    if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(text)) throw new InvalidArgumentError(says.notARegion);
    return text;
  };
