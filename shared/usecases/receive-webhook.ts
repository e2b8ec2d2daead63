import type { ConnectionId, TenantId } from '../domain/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Delivery, Entered, Entrance } from '../ports/entrance.ts';
import type { Intake } from '../ports/intake.ts';
import type { Metrics } from '../ports/metrics.ts';

/** By connection, then by the entrance's name. */
export type Entrances = ReadonlyMap<ConnectionId, ReadonlyMap<string, Entrance>>;

export interface ReceiveDeps {
  readonly entrances: Entrances;
  readonly intake: Intake;
  readonly clock: Clock;
  readonly tenant: TenantId;
  readonly metrics: Metrics;
}

const stage = 'receive-webhook';

/** One HTTP delivery as it arrives; the instant is put to it here. */
export type Arrival = Omit<Delivery, 'wallNow'>;

type Accepted = Extract<Entered, { outcome: 'accepted' }>;

/** `connection` stands where it is one of ours: the other names are the sender's to invent. */
export type Receipt =
  /** Every hint is durable. */
  | {
      readonly outcome: 'accepted';
      readonly connection: ConnectionId;
      /** Names it: the ids of its hints begin with it. */
      readonly delivery: string;
      readonly hints: number;
      readonly reply: Accepted['reply'];
    }
  /** Not proven, or no such connection or entrance: the sender must not learn which. */
  | { readonly outcome: 'forged'; readonly connection: ConnectionId | undefined }
  | { readonly outcome: 'unreadable'; readonly connection: ConnectionId; readonly reason: string }
  /** Nothing was taken, through no fault of the sender: it should come again. */
  | {
      readonly outcome: 'unavailable';
      readonly connection: ConnectionId;
      readonly hints: number;
      readonly cause: unknown;
    };

export type ReceiveWebhook = (connection: string, entrance: string, arrival: Arrival) => Promise<Receipt>;

interface Known {
  readonly connection: ConnectionId;
  readonly by: ReadonlyMap<string, Entrance>;
}

/** From an HTTP delivery to hints that are durable. Never rejects; says `accepted` only after the intake did. */
export const receiveWebhook = ({ entrances, intake, clock, tenant, metrics }: ReceiveDeps): ReceiveWebhook => {
  const known = new Map<string, Known>([...entrances].map(([connection, by]) => [connection, { connection, by }]));
  return async (connectionName, entranceName, arrival) => {
    const connection = known.get(connectionName)?.connection;
    const entrance = known.get(connectionName)?.by.get(entranceName);
    if (connection === undefined || entrance === undefined) {
      metrics.count(stage, 'rejected', 1);
      return { outcome: 'forged', connection };
    }
    const { body, header, pathSecret } = arrival;
    const wallNow = clock.wallNow();
    const entered = entrance.enter(
      pathSecret === undefined ? { body, header, wallNow } : { body, header, pathSecret, wallNow },
    );
    if (entered.outcome !== 'accepted') metrics.count(stage, 'rejected', 1);
    switch (entered.outcome) {
      case 'forged':
        return { outcome: 'forged', connection };
      case 'unreadable':
        return { outcome: 'unreadable', connection, reason: entered.reason };
      case 'accepted': {
        const stamp = { tenant, connection, delivery: entered.delivery, receivedAt: clock.businessNow() };
        const hints = entered.hints.map((hint) => ({ ...hint, ...stamp }));
        try {
          if (hints.length > 0) await intake.accept(hints);
        } catch (cause) {
          metrics.count(stage, 'retried', 1);
          return { outcome: 'unavailable', connection, hints: hints.length, cause };
        }
        metrics.count(stage, 'in', hints.length);
        const { delivery, reply } = entered;
        return { outcome: 'accepted', connection, delivery, hints: hints.length, reply };
      }
    }
  };
};
