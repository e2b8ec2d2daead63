import { TenantId } from '../../shared/domain/ids.ts';
import type { LoadedWorkspace } from '../node/workspace/load-workspace.ts';
import type { CliContext, ExitCode, GlobalOptions } from './context.ts';
import type { Way } from './dead-desk.ts';
import { engineAsked } from './engine-asked.ts';
import type { EventDesk } from './event-desk.ts';
import type { CustomerView, NodeReader } from './reader.ts';
import { resolveCustomer } from './resolve-customer.ts';
import { sendingTexts } from './sending-texts.ts';
import { withReader } from './with-reader.ts';

export interface CustomerOptions extends GlobalOptions {
  /** A full id, or a piece of id or name that fits one customer. */
  readonly customer: string;
  /** How the command gets there; undefined where brokers that do not answer decide. */
  readonly via?: Way;
}

export interface AtCustomer {
  readonly view: CustomerView;
  readonly loaded: LoadedWorkspace;
  readonly reader: NodeReader;
  readonly tenant: TenantId;
  /** Opens the way for a command, and closes it whatever happens. */
  send(work: (desk: EventDesk) => Promise<ExitCode>): Promise<ExitCode>;
}

/** Finds the customer that is meant, for a command that asks for something. 1 where it is nobody, or several. */
export const withCustomer = (
  context: CliContext,
  options: CustomerOptions,
  work: (at: AtCustomer) => Promise<ExitCode>,
): Promise<ExitCode> =>
  withReader(context, options, async (reader, loaded) => {
    const customer = await resolveCustomer(context, reader, options.customer);
    const view = customer === undefined ? undefined : await reader.readCustomer(customer);
    if (view === undefined) return 1;
    const send = async (sending: (desk: EventDesk) => Promise<ExitCode>): Promise<ExitCode> => {
      const engine = engineAsked(context, loaded, options);
      if (engine === undefined && options.via !== undefined) {
        context.err(`regrade: ${sendingTexts[context.language].viaEmbedded}`);
        return 2;
      }
      const desk = await context.openEventDesk(loaded, engine, options.via);
      if (desk.waits) context.err(sendingTexts[context.language].waits);
      try {
        return await sending(desk);
      } finally {
        await desk.close();
      }
    };
    return work({ view, loaded, reader, tenant: TenantId.parse(loaded.workspace.tenant), send });
  });
