import { CustomerId, isOfKind } from '../../../shared/domain/ids.ts';
import type { MergeKind } from '../../../shared/domain/merge.ts';
import type { CliContext, ExitCode } from '../context.ts';
import { customerTexts } from '../customer-texts.ts';
import type { NodeReader } from '../reader.ts';
import { resolveCustomer } from '../resolve-customer.ts';
import { newCommand, operatorOf, sendCommand } from '../send-command.ts';
import { type CustomerOptions, withCustomer } from '../with-customer.ts';

export interface MergeOptions extends CustomerOptions {
  /** As `customer`; a full id may be one that nothing is known of yet. */
  readonly into: string;
  readonly why: string;
  readonly by?: string;
}

/** Makes a customer part of another one: its facts count there from now on. */
export const merge = (context: CliContext, options: MergeOptions): Promise<ExitCode> =>
  withCustomer(context, options, async ({ view, reader, tenant, send }) => {
    const says = customerTexts[context.language];
    const { customer } = view;
    const into = CustomerId.safeParse(options.into).data ?? (await resolveCustomer(context, reader, options.into));
    if (into === undefined) return 1;
    if (into === customer) {
      context.err(says.intoItself(customer));
      return 1;
    }
    if (view.partOf?.customer === into) {
      context.out(says.mergedAlready(customer, into));
      return 0;
    }
    const between = await wayTo(reader, into, customer);
    if (between !== undefined) {
      context.err(says.circle(customer, into, between));
      return 1;
    }
    return send(async (desk) => {
      const command = newCommand();
      const asked = { command, by: operatorOf(options.by), why: options.why };
      const event = { kind: 'merge.requested', tenant, customer, into, as: kindOf(customer, into), ...asked } as const;
      await sendCommand(desk, event, command);
      context.out(says.merged(customer, into));
      return 0;
    });
  });

const kindOf = (customer: CustomerId, into: CustomerId): MergeKind =>
  isOfKind(customer, 'lead') && !isOfKind(into, 'lead') ? 'converted' : 'merge';

/** More customers than this one inside the other are nobody's. */
const mostHops = 32;

/** The customer to take out first, where one is part of the other already, directly or through others. */
const wayTo = async (reader: NodeReader, from: CustomerId, to: CustomerId): Promise<CustomerId | undefined> => {
  let at = from;
  for (let hop = 0; hop < mostHops; hop += 1) {
    const into = (await reader.readCustomer(at))?.partOf?.customer;
    if (into === undefined) return undefined;
    if (into === to) return at;
    at = into;
  }
  return undefined;
};
