import type { Hold } from '../../../shared/domain/hold.ts';
import type { CliContext, ExitCode } from '../context.ts';
import { customerTexts } from '../customer-texts.ts';
import { valueFormat } from '../format-values.ts';
import { parseUntil } from '../parse-until.ts';
import { newCommand, operatorOf, sendCommand } from '../send-command.ts';
import { type AtCustomer, type CustomerOptions, withCustomer } from '../with-customer.ts';

export interface HoldOptions extends CustomerOptions {
  readonly grade: string;
  /** A date, to its end, or a point in time; without it the hold lasts until it is released. */
  readonly until?: string;
  readonly why: string;
  readonly by?: string;
}

/** Sets a customer's grade by hand, over whatever the model says. */
export const hold = (context: CliContext, options: HoldOptions): Promise<ExitCode> =>
  withCustomer(context, options, async (at) => {
    const problem = problemOf(context, options, at);
    if (problem !== undefined) {
      context.err(problem);
      return 1;
    }
    return at.send(async (desk) => {
      const { timezone } = at.loaded.workspace;
      const says = customerTexts[context.language];
      const until =
        options.until === undefined ? undefined : parseUntil(options.until, { now: desk.businessNow(), timezone });
      if (options.until !== undefined && until === undefined) {
        context.err(says.oddUntil(options.until));
        return 2;
      }
      const command = newCommand();
      const { grade, why } = options;
      const set: Hold = { command, grade, by: operatorOf(options.by), why, ...(until === undefined ? {} : { until }) };
      const { customer } = at.view;
      await sendCommand(desk, { kind: 'hold.set', tenant: at.tenant, customer, hold: set }, command);
      const format = valueFormat(context.language, timezone);
      context.out(says.held(customer, grade, until === undefined ? undefined : format.instant(until)));
      if (deciding(at)?.gradeNow === null) context.out(says.outOfScope);
      return 0;
    });
  });

const deciding = ({ view }: AtCustomer) => view.grades.find(({ decides }) => decides);

/** A grade that the model does not know would never be shown right. */
const problemOf = (context: CliContext, { grade }: HoldOptions, at: AtCustomer): string | undefined => {
  const says = customerTexts[context.language];
  const { view, loaded } = at;
  if (view.partOf !== undefined) return says.holdElsewhere(view.customer, view.partOf.customer);
  const model = loaded.models.find((one) => one.model.id === deciding(at)?.model.id)?.model;
  if (model === undefined) return says.noModel(view.customer);
  const known = model.grades.map(({ id }) => id);
  return known.includes(grade) ? undefined : says.unknownGrade(grade, model.id, known.join(', '));
};
