import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConnectedCrm, connectCrm } from '../../shared/adapters/crm/connect-crm.ts';
import type { SecretRef } from '../../shared/definitions/secret-ref.ts';
import type { Workspace } from '../../shared/definitions/workspace.ts';
import { ConnectionId } from '../../shared/domain/ids.ts';
import type { Rates } from '../../shared/domain/rates.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { CrmWriter } from '../../shared/ports/crm.ts';
import type { TokenStore } from '../../shared/ports/token-store.ts';

export interface ConnectionSurroundings {
  readonly tokens: TokenStore;
  readonly clock: Pick<Clock, 'wallNow'>;
  readonly resolveSecret: (ref: SecretRef) => string;
  /** Undefined where the workspace names no file of rates. */
  readonly rates: Rates | undefined;
}

export interface Connections {
  /** How each connection's records are understood and read back. */
  readonly sources: ReadonlyMap<ConnectionId, ConnectedCrm>;
  /** Of connections that we write to, by name. */
  readonly writers: ReadonlyMap<string, CrmWriter>;
}

/**
 * Connects every CRM account of a workspace.
 *
 * @throws {PipelineError} `CONFIG_INVALID` for a secret that is missing or a mapping that cannot be read back.
 */
export const connectConnections = (
  { connections, currency, timezone }: Workspace,
  { tokens, clock, resolveSecret, rates }: ConnectionSurroundings,
): Connections => {
  const connected = Object.entries(connections).map(([name, connection]) => {
    const crm = connectCrm(name, connection, {
      currency,
      timezone,
      rates,
      tokens,
      resolveSecret,
      holder: randomUUID(),
      wallNow: clock.wallNow,
      random: Math.random,
      uuid: randomUUID,
      sleep: (ms) => sleep(ms),
    });
    return { name, crm };
  });
  return {
    sources: new Map(connected.map(({ name, crm }) => [ConnectionId.parse(name), crm])),
    writers: new Map(
      connected.flatMap(({ name, crm: { writer } }) => (writer === undefined ? [] : [[name, writer] as const])),
    ),
  };
};
