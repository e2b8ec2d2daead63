import { blankActionState, directionBetween } from '../../domain/action.ts';
import type { GradeChange, ModelRef } from '../../domain/change.ts';
import type { Delivery } from '../../domain/delivery.ts';
import { CustomerId, type TenantId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { type ActingPolicy, decideOnChange, decideOnDue } from '../../domain/settle.ts';
import type { ChangeKind } from './simulate.ts';

/** What goes out on one channel. */
export interface ChannelLoad {
  readonly channel: string;
  readonly kind: Delivery['content']['kind'];
  readonly deliveries: number;
}

export interface Consequences {
  readonly channels: readonly ChannelLoad[];
  /** Calls to a CRM's interface: one for each task and each grade that is written. */
  readonly crmCalls: readonly { readonly connection: string; readonly calls: number }[];
}

export interface Acting {
  readonly tenant: TenantId;
  readonly policy: ActingPolicy;
  readonly model: ModelRef;
  readonly decides: boolean;
  readonly now: Instant;
}

/**
 * What the playbooks would make of changes that a new model brings: decided once for each sort of change, as it is decided live.
 * Whatever settles has settled; that a rule announced another grade than the one held is not looked at.
 */
export const consequencesOf = (changes: readonly ChangeKind[], acting: Acting): Consequences => {
  const loads = new Map<string, ChannelLoad>();
  for (const change of changes)
    for (const { channel, content } of deliveriesOn(change, acting)) {
      const name = `${channel} ${content.kind}`;
      const before = loads.get(name)?.deliveries ?? 0;
      loads.set(name, { channel, kind: content.kind, deliveries: before + change.customers });
    }
  const channels = [...loads].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, load]) => load);
  return { channels, crmCalls: callsOf(channels, acting) };
};

const callsOf = (loads: readonly ChannelLoad[], { policy }: Acting): Consequences['crmCalls'] => {
  const calls = new Map<string, number>();
  for (const { channel, deliveries } of loads) {
    const definition = policy.channels[channel];
    if (definition === undefined || !('connection' in definition)) continue;
    calls.set(definition.connection, (calls.get(definition.connection) ?? 0) + deliveries);
  }
  return [...calls].map(([connection, count]) => ({ connection, calls: count }));
};

/** Longer than any window may last. */
const untilSettled = 400 * 86_400_000;

const deliveriesOn = (change: ChangeKind, acting: Acting): readonly Delivery[] => {
  const { tenant, policy, now } = acting;
  const customer = CustomerId.parse(`account:${change.connection}:one-of-many`);
  const decided = decideOnChange(
    blankActionState(tenant, customer),
    gradeChange(customer, change, acting),
    now,
    policy,
  );
  const settled = decideOnDue(decided.state, now + untilSettled, policy);
  return [...decided.deliveries, ...settled.deliveries];
};

const gradeChange = (
  customer: CustomerId,
  { from, to, tags }: ChangeKind,
  { tenant, policy, model, decides, now }: Acting,
): GradeChange => ({
  ...{ tenant, customer, model, decides, from, to, tags },
  seq: 1,
  direction: directionBetween(from, to, policy.grades[model.id] ?? []),
  score: null,
  at: now,
  cause: { type: 'model' },
  contributions: [],
  attributes: {},
});
