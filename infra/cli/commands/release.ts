import type { CliContext, ExitCode } from '../context.ts';
import { customerTexts } from '../customer-texts.ts';
import { newCommand, operatorOf, sendCommand } from '../send-command.ts';
import { type CustomerOptions, withCustomer } from '../with-customer.ts';

export interface ReleaseOptions extends CustomerOptions {
  readonly why: string;
  readonly by?: string;
}

/** Lets a grade go again that was set by hand. */
export const release = (context: CliContext, options: ReleaseOptions): Promise<ExitCode> =>
  withCustomer(context, options, async ({ view, tenant, send }) => {
    const says = customerTexts[context.language];
    const { customer } = view;
    if (view.hold === undefined) {
      context.out(says.notHeld(customer));
      return 0;
    }
    return send(async (desk) => {
      const command = newCommand();
      const asked = { command, by: operatorOf(options.by), why: options.why };
      await sendCommand(desk, { kind: 'hold.cleared', tenant, customer, ...asked }, command);
      context.out(says.released(customer));
      return 0;
    });
  });
