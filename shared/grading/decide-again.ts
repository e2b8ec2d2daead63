import { zoneOf } from '../domain/cohort.ts';
import type { LedgerBody } from '../domain/ledger.ts';
import type { CompiledSegment } from './compile-segment.ts';
import { settle } from './stability.ts';

/**
 * Decides a ledger entry again from what it went by: zone from score or rank key and cuts, raw grade from the zone, then exit
 * band, guard, stability and hold. What a guard saw of the customer is not in the entry: that it applied is taken from there.
 */
export const decidesSame = (body: LedgerBody, segment: CompiledSegment, ranked: readonly string[]): boolean => {
  const { score, to, from, at, raw, guard, hold, waitedSince } = body;
  if (score === null) return to === null && raw === null;
  const { model } = segment;
  const { again } = segment.variant.outcome.cutoffs;
  const found = again({ score, zone: zoneAgain(body, segment), held: model.grades.findIndex(({ id }) => id === from) });
  if ((model.grades[found.raw]?.id ?? null) !== raw) return false;
  if (hold !== undefined) return to === hold.grade && at < (hold.until ?? Number.POSITIVE_INFINITY);
  const rule = guard === undefined ? undefined : model.guards.find(({ id }) => id === guard)?.then;
  if (guard !== undefined && rule === undefined) return false;
  // a hold by a field keeps what that field says, which is the customer's own
  if (rule !== undefined && 'hold' in rule) return true;
  const asked = model.grades[guarded(rule, found.standing, model)]?.id ?? null;
  // from before models were published, an entry of that cause was held back like any other
  if (body.cause.type === 'model' && body.cause.epoch !== undefined) return to === asked;
  const held =
    from === null && body.direction === 'initial'
      ? undefined
      : {
          grade: from,
          ...(waitedSince === undefined ? {} : { waiting: { direction: directionOf(body), since: waitedSince } }),
        };
  return settle(held, asked, at, segment.stability, ranked).grade === to;
};

const directionOf = ({ direction }: LedgerBody): 'up' | 'down' => (direction === 'up' ? 'up' : 'down');

/** The zone of an entry, from the key and the cuts it names; where a table decides, from the points of its groups. */
const zoneAgain = ({ score, zone, rank, contributions }: LedgerBody, { variant }: CompiledSegment): number => {
  if (rank !== undefined && variant.spec !== undefined) return zoneOf(rank.key, rank, variant.spec);
  return variant.outcome.cutoffs.zoneOf({ score: score ?? 0, contributions }) ?? zone ?? 0;
};

type Then = CompiledSegment['model']['guards'][number]['then'];

const guarded = (then: Then | undefined, standing: number, { grades }: CompiledSegment['model']): number => {
  if (then === undefined || 'hold' in then) return standing;
  const placeOf = (grade: string): number => grades.findIndex(({ id }) => id === grade);
  if ('grade' in then) return placeOf(then.grade);
  return 'cap' in then ? Math.max(standing, placeOf(then.cap)) : Math.min(standing, placeOf(then.floor));
};
