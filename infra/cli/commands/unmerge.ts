import type { CliContext, ExitCode } from '../context.ts';
import { customerTexts } from '../customer-texts.ts';
import { newCommand, operatorOf, sendCommand } from '../send-command.ts';
import { type CustomerOptions, withCustomer } from '../with-customer.ts';

export interface UnmergeOptions extends CustomerOptions {
  readonly why: string;
  readonly by?: string;
}

/** Makes a customer that was merged or converted one of its own again. */
export const unmerge = (context: CliContext, options: UnmergeOptions): Promise<ExitCode> =>
  withCustomer(context, options, async ({ view, tenant, send }) => {
    const says = customerTexts[context.language];
    const { customer, partOf } = view;
    if (partOf === undefined) {
      context.err(says.notMerged(customer));
      return 1;
    }
    return send(async (desk) => {
      const command = newCommand();
      const asked = { command, by: operatorOf(options.by), why: options.why };
      await sendCommand(desk, { kind: 'merge.undone', tenant, customer, ...asked }, command);
      context.out(says.unmerged(customer, partOf.customer));
      return 0;
    });
  });
