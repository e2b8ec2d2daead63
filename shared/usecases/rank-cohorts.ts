import { decodeCloudEvent } from '../domain/cloud-event.ts';
import { type CohortId, CohortMove, type CohortSpec } from '../domain/cohort.ts';
import { type CohortHead, emptyHead } from '../domain/cohort-head.ts';
import { inBatches, netMoves } from '../domain/cohort-moves.ts';
import type { TenantId } from '../domain/ids.ts';
import { isRetryable } from '../domain/pipeline-error.ts';
import type { CohortStore } from '../ports/cohort-store.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Received, Stream, Work } from '../ports/stream.ts';
import { type Applied, type ApplyBatchDeps, applyBatch, settle } from './apply-batch.ts';
import type { Park } from './park.ts';
import { publishReviews } from './publish-reviews.ts';

/** What is known of cohorts at one moment. */
export interface CohortSpecs {
  /** Undefined: of a model version that nobody grades by, or is about to. */
  readonly specOf: (cohort: CohortId) => CohortSpec | undefined;
  /** True of one whose members are all going to be decided anyway: it asks for no reviews. */
  readonly isQuiet: (cohort: CohortId) => boolean;
}

export interface RankCohortsDeps {
  readonly tenant: TenantId;
  readonly cohorts: CohortStore;
  readonly stream: Stream;
  readonly specs: { current(): Promise<CohortSpecs>; reload(): Promise<CohortSpecs> };
  readonly park: Park;
  readonly metrics: Metrics;
}

const stage = 'rank-cohorts';
/** Races lost in a row in one cohort before its moves are given back to the stream. */
const mostRaces = 8;
/** Cohorts at a time. */
const width = 8;

/**
 * Moves the cuts of cohorts, and asks for reviews of everybody whose zone that changed. Safe to call twice with the same moves:
 * the second call changes nothing, finishes what a crash left open, and publishes what it left owed. The moves of cohorts that
 * could not be written come back.
 */
export const rankCohorts = (deps: RankCohortsDeps): Work => {
  const publish = publishReviews(deps);
  return async (batch) => {
    deps.metrics.count(stage, 'in', batch.length);
    const moves = await readMoves(batch, deps);
    const { specOf, isQuiet } = await specsFor(moves, deps);
    const arrived = byCohort(moves, specOf, deps);
    if (arrived.size === 0) return [];
    const applying = { ...deps, stage, publish, isQuiet };
    const heads = await deps.cohorts.findHeads(deps.tenant, [...arrived.keys()]);
    const waiting = [...arrived];
    const again = new Set<Received>();
    while (waiting.length > 0)
      await Promise.all(
        waiting.splice(0, width).map(async ([cohort, moves]) => {
          if (await rankOrPark(heads.get(cohort) ?? emptyHead(cohort, moves.spec), moves, applying, deps)) return;
          for (const { record } of moves.moves) again.add(record);
        }),
      );
    if (again.size > 0) deps.metrics.count(stage, 'retried', again.size);
    return batch.filter((record) => again.has(record));
  };
};

interface Arrived {
  readonly spec: CohortSpec;
  readonly moves: readonly Move[];
}

/** False: the moves have to come again. What the store will never take is put aside instead. */
const rankOrPark = async (
  head: CohortHead,
  arrived: Arrived,
  applying: ApplyBatchDeps,
  { park }: RankCohortsDeps,
): Promise<boolean> => {
  try {
    return await rank(head, arrived, applying);
  } catch (cause) {
    if (isRetryable(cause)) return false;
    for (const { record } of arrived.moves)
      await park(record, 'unstorable-cohort', cause instanceof Error ? cause.message : 'the store refuses it');
    return true;
  }
};

const rank = async (found: CohortHead, arrived: Arrived, deps: ApplyBatchDeps): Promise<boolean> => {
  let head = found;
  for (let race = 0; race < mostRaces; race += 1) {
    if ((await rankOnce(head, arrived, deps)) !== undefined) return true;
    const { tenant, cohorts } = deps;
    head = (await cohorts.findHeads(tenant, [head.cohort])).get(head.cohort) ?? emptyHead(head.cohort, arrived.spec);
  }
  return false;
};

const rankOnce = async (found: CohortHead, { spec, moves }: Arrived, deps: ApplyBatchDeps): Promise<Applied> => {
  const { tenant, cohorts, metrics } = deps;
  let head = await settle(found, spec, deps);
  if (head === undefined) return undefined;
  const said = moves.map(({ move }) => move);
  const places = await cohorts.findPlaces(tenant, head.cohort, [...new Set(said.map(({ customer }) => customer))]);
  const known = said.filter(({ customer, version }) => version <= (places.get(customer)?.version ?? 0));
  if (known.length > 0) metrics.count(stage, 'duplicate', known.length);
  const at = said.reduce((newest, move) => Math.max(newest, move.at), Number.NEGATIVE_INFINITY);
  const parts = inBatches(netMoves(said, places));
  if (parts.length === 0) return (await stillIs(head, deps)) ? head : undefined;
  for (const part of parts) {
    head = await applyBatch(head, { moves: part, at }, spec, deps);
    if (head === undefined) return undefined;
  }
  return head;
};

/** Where all is known already, a rival may have come in between, written the places, and died before it closed its batch. */
const stillIs = async (head: CohortHead, { tenant, cohorts }: ApplyBatchDeps): Promise<boolean> =>
  ((await cohorts.findHeads(tenant, [head.cohort])).get(head.cohort)?.revision ?? 0) === head.revision;

interface Move {
  readonly move: CohortMove;
  readonly record: Received;
}

const readMoves = async (batch: readonly Received[], { tenant, park }: RankCohortsDeps): Promise<readonly Move[]> => {
  const moves: Move[] = [];
  for (const record of batch) {
    const decoded = decodeCloudEvent(record.value, CohortMove);
    if (!decoded.ok) {
      await park(record, 'unreadable-move', decoded.reason);
      continue;
    }
    const move = decoded.event.data;
    if (move.tenant === tenant) moves.push({ move, record });
    else await park(record, 'unreadable-move', `tenant ${move.tenant} is none of ours`);
  }
  return moves;
};

/** Whoever told of a cohort knew its model: one that is not known here is of a newer epoch, or of one that is over. */
const specsFor = async (moves: readonly Move[], { specs }: RankCohortsDeps): Promise<CohortSpecs> => {
  const known = await specs.current();
  return moves.some(({ move }) => known.specOf(move.cohort) === undefined) ? specs.reload() : known;
};

const byCohort = (
  moves: readonly Move[],
  specOf: CohortSpecs['specOf'],
  { metrics }: RankCohortsDeps,
): ReadonlyMap<CohortId, Arrived> => {
  const arrived = new Map<CohortId, { spec: CohortSpec; moves: Move[] }>();
  for (const one of moves) {
    const { cohort } = one.move;
    const known = arrived.get(cohort);
    const spec = known?.spec ?? specOf(cohort);
    // of models that nobody grades by any more
    if (spec === undefined) metrics.count(stage, 'rejected', 1);
    else if (known === undefined) arrived.set(cohort, { spec, moves: [one] });
    else known.moves.push(one);
  }
  return arrived;
};
