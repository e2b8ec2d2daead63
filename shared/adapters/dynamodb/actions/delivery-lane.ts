import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type Delivery, isWaiting, laneOf } from '../../../domain/delivery.ts';
import type { TenantId } from '../../../domain/ids.ts';
import { Instant } from '../../../domain/instant.ts';
import { partitionOf } from '../table/keys.ts';

/** A delivery that waits or is in flight. */
export const LaneEntry = z.object({
  id: z.string(),
  /** The order of decisions. */
  position: z.int(),
  dueAt: Instant,
  claimedUntil: Instant.optional(),
  /** In flight, since then. */
  sentAt: Instant.optional(),
  alert: z.literal(true).optional(),
  /** Of the write of a grade: its rule. */
  grade: z.string().optional(),
  /** Of a digest, whose lane is nobody's. */
  customer: z.string().optional(),
});
export type LaneEntry = Readonly<z.infer<typeof LaneEntry>>;

const HeldGrade = z.object({ id: z.string(), position: z.int(), grade: z.string() });

export const LaneBody = z.object({
  open: z.array(LaneEntry),
  /** Writes of a grade that a person has to decide on. */
  held: z.array(HeldGrade),
  /** By rule: the position of the newest write of a grade. */
  newest: z.record(z.string(), z.int()),
  /** The highest position ever given here. */
  last: z.int(),
});

export interface LaneRef {
  readonly partition: string;
  readonly sort: string;
  readonly channel: string;
}

/**
 * What goes one after the other: the open deliveries of one customer on one channel, in order. No delivery changes but together
 * with its lane, and no lane changes but from the version that was read: a lane's version stands for all its deliveries.
 */
export interface Lane extends LaneRef, Readonly<z.infer<typeof LaneBody>> {
  /** 0 for a lane never stored. */
  readonly version: number;
}

/** A delivery with its place in the order of decisions, which is strictly rising within a lane. */
export interface Placed {
  readonly delivery: Delivery;
  readonly position: number;
  /** Of an alert that went into a digest: where it was before. */
  readonly was?: Delivery['status'];
}

export const blankLane = (ref: LaneRef): Lane => ({ ...ref, version: 0, open: [], held: [], newest: {}, last: 0 });

/** A customer's lanes are in the customer's partition; those of digests with the channel. */
export const laneRefOf = (tenant: TenantId, delivery: Pick<Delivery, 'channel' | 'customer' | 'content'>): LaneRef => {
  const { channel, customer, content } = delivery;
  if (content.kind !== 'digest')
    return { partition: partitionOf('customer', tenant, customer), sort: `LANE#${channel}`, channel };
  // many recipients would not fit a key
  const name = createHash('sha256').update(laneOf(delivery)).digest('hex').slice(0, 32);
  return { partition: partitionOf('channel', tenant, channel), sort: `LANE#${name}`, channel };
};

/** Tells lanes apart. */
export const laneNameOf = ({ partition, sort }: Pick<LaneRef, 'partition' | 'sort'>): string => `${partition}/${sort}`;

/** The lane once this delivery is as it is given here. A claim on it does not outlive a change. */
export const withDelivery = (lane: Lane, placed: Placed, claimedUntil?: Instant): Lane => {
  const { delivery, position } = placed;
  const { id, status, content, rule } = delivery;
  const open = lane.open.filter((entry) => entry.id !== id);
  const held = lane.held.filter((entry) => entry.id !== id);
  const grade = content.kind === 'grade' ? rule : undefined;
  if (isWaiting(status) || status === 'sending') {
    open.push(entryOf(placed, claimedUntil));
    open.sort((a, b) => a.position - b.position);
  }
  if (status === 'held' && grade !== undefined) held.push({ id, position, grade });
  const newest =
    grade === undefined ? lane.newest : { ...lane.newest, [grade]: Math.max(lane.newest[grade] ?? 0, position) };
  return { ...lane, open, held, newest, last: Math.max(lane.last, position) };
};

const entryOf = ({ delivery, position }: Placed, claimedUntil: Instant | undefined): LaneEntry => {
  const { id, dueAt, content, status, sentAt, rule, customer } = delivery;
  return {
    id,
    position,
    dueAt,
    ...(claimedUntil === undefined ? {} : { claimedUntil }),
    ...(status === 'sending' ? { sentAt: sentAt ?? 0 } : {}),
    ...(content.kind === 'alert' ? { alert: true } : {}),
    ...(content.kind === 'grade' ? { grade: rule } : {}),
    ...(content.kind === 'digest' ? { customer } : {}),
  };
};

export const inFlightOf = ({ open }: Lane): (LaneEntry & { readonly sentAt: Instant }) | undefined =>
  open.flatMap((entry) => (entry.sentAt === undefined ? [] : [{ ...entry, sentAt: entry.sentAt }]))[0];

/** The only one that may be sent next; nothing while one is in flight. */
export const headOf = (lane: Lane): LaneEntry | undefined =>
  inFlightOf(lane) === undefined ? lane.open[0] : undefined;

/** From when on an index should show it: what may go at once stands by the instant at which it was decided. */
export const waitsSince = ({ dueAt, position }: LaneEntry): Instant => Math.max(dueAt, instantOf(position));

/** Writes of a grade that wait or are held. */
export const gradesOf = ({ open, held }: Lane): readonly string[] =>
  [...open.filter(({ grade, sentAt }) => grade !== undefined && sentAt === undefined), ...held].map(({ id }) => id);

/** Those of them that a newer write has taken the place of. */
export const outdatedOf = (lane: Lane): readonly string[] => {
  const grades = new Set(gradesOf(lane));
  return [...lane.open, ...lane.held]
    .filter(({ id, grade, position }) => grades.has(id) && position < (lane.newest[grade ?? ''] ?? 0))
    .map(({ id }) => id);
};

/** Gives up claims that end by then. */
export const withoutClaims = (lane: Lane, until: Instant): Lane => {
  const open = lane.open.map((entry): LaneEntry => {
    const { claimedUntil, ...rest } = entry;
    return claimedUntil !== undefined && claimedUntil <= until ? rest : entry;
  });
  return open.some((entry, index) => entry !== lane.open[index]) ? { ...lane, open } : lane;
};

/** Earliest first, and as they were decided among equals. */
export const byDue = (a: LaneEntry, b: LaneEntry): number => a.dueAt - b.dueAt || a.position - b.position;

const positionsPerMs = 1_000;

/** The wall-clock instant in a position. */
export const instantOf = (position: number): Instant => Math.floor(position / positionsPerMs);

/** Hands out positions: by the wall clock, and rising whatever that clock does. */
export const openPositions = (): ((wallNow: Instant) => number) => {
  let last = 0;
  return (wallNow) => {
    last = Math.max(last + 1, wallNow * positionsPerMs);
    return last;
  };
};
