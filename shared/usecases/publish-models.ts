import { type Topic, topics } from '../definitions/topics.ts';
import { encodeCloudEvent } from '../domain/cloud-event.ts';
import type { CustomerEvent } from '../domain/event.ts';
import type { CustomerId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Building, ModelPointer } from '../domain/model-pointer.ts';
import { enter, finish, flip, walked } from '../domain/publication.ts';
import { specsInForce } from '../grading/in-force.ts';
import type { CohortStore } from '../ports/cohort-store.ts';
import type { CustomerStore } from '../ports/customer-store.ts';
import type { ModelRegistry } from '../ports/model-registry.ts';
import type { Progress, TopicMark } from '../ports/progress.ts';
import type { Outgoing, Stream } from '../ports/stream.ts';
import type { InForceReader } from './models-in-force.ts';

export interface PublishModelsDeps {
  readonly tenant: TenantId;
  readonly registry: Pick<ModelRegistry, 'readPointer' | 'putPointer'>;
  readonly models: Pick<InForceReader, 'reload'>;
  readonly customers: Pick<CustomerStore, 'listCustomers'>;
  readonly cohorts: Pick<CohortStore, 'listCohorts' | 'dropCohort'>;
  readonly stream: Pick<Stream, 'append'>;
  readonly progress: Progress;
  /** Business time of the reviews: what arrived before it is graded before it. */
  readonly reviewedAsOf: () => Instant;
  /** Sends the summaries of alerts that waited for every customer to be moved. */
  readonly summarise: () => Promise<void>;
  /** How long a process may go by a pointer it read. Milliseconds. */
  readonly cacheMs: number;
  /** The most records that reviews let wait on `regrade.events`: so many a live event may find before it. */
  readonly mostUnread: number;
  /** Between two looks how far the stages are. Milliseconds. */
  readonly lookMs: number;
  /** Waits; false: this process is not to go on. */
  readonly pause: (ms: number) => Promise<boolean>;
}

/** `stopped`: it goes on where it was as soon as anybody calls again. */
export type Published = 'nothing-to-do' | 'done' | 'stopped';

/** Rows of a cohort that nobody is graded by any more, removed at a time. */
const rowsPerDrop = 500;

/**
 * Carries what is being built to its end, from wherever the pointer says that it is: a process that dies is followed by any other.
 * Two at once do no harm: every step is put over the revision that it was decided on.
 */
export const publishModels = (deps: PublishModelsDeps) => async (): Promise<Published> => {
  let phase: Building['phase'] | undefined;
  for (;;) {
    const pointer = await deps.registry.readPointer(deps.tenant);
    if (pointer?.building === undefined) return phase === undefined ? 'nothing-to-do' : 'done';
    // a process that comes in between has not waited yet
    const isNew = phase !== pointer.building.phase;
    phase = pointer.building.phase;
    if ((isNew && !(await begun(phase, pointer, deps))) || !(await deps.pause(0))) return 'stopped';
    const next = await steps[phase](pointer, deps);
    if (next === undefined) return 'stopped';
    if (await deps.registry.putPointer(deps.tenant, next)) await deps.models.reload();
  }
};

/** Where a step leads; undefined: broken off. */
type Step = (pointer: ModelPointer, deps: PublishModelsDeps) => Promise<ModelPointer | undefined>;

/** Before the walks, and before the models grade, everybody has to know of the phase. False: broken off. */
const begun = async (
  phase: Building['phase'],
  { coming }: ModelPointer,
  { models, pause, cacheMs }: PublishModelsDeps,
): Promise<boolean> => {
  const inForce = await models.reload();
  const isBuilt = coming === undefined || inForce.coming !== undefined;
  return phase === 'dropping' || phase === 'visiting' || !isBuilt || pause(cacheMs);
};

const steps: Readonly<Record<Building['phase'], Step>> = {
  waiting: async (pointer, { models }) => {
    const { coming } = await models.reload();
    // where nobody is ranked there is nothing to build
    return coming === undefined ? flip(pointer) : enter(pointer, 'visiting');
  },
  visiting: async (pointer, deps) => {
    const { epoch } = pointer.building ?? { epoch: 0 };
    return walk(pointer, deps, { building: epoch }, () => enter(pointer, 'draining'));
  },
  draining: async (pointer, deps) => {
    const isDrained =
      (await drained(topics.events, 'grade-customers', deps)) && (await drained(topics.cohorts, 'rank-cohorts', deps));
    return isDrained ? flip(pointer) : undefined;
  },
  moving: async (pointer, deps) => {
    const { live } = pointer;
    const moved = async (): Promise<ModelPointer | undefined> => {
      if (!(await drained(topics.events, 'grade-customers', deps))) return undefined;
      if (live.alerts === 'digest' && !(await drained(topics.changes, 'act-on-changes', deps))) return undefined;
      if (live.alerts === 'digest') await deps.summarise();
      return enter(pointer, 'dropping');
    };
    return walk(pointer, deps, { epoch: live.epoch }, moved);
  },
  dropping: async (pointer, deps) => ((await dropRetired(deps)) ? finish(pointer) : undefined),
};

/** Asks one page of customers for a review, once so few records wait that a live event is not held up; `over` follows the last. */
const walk = async (
  pointer: ModelPointer,
  deps: PublishModelsDeps,
  asking: { readonly building: number } | { readonly epoch: number },
  over: () => Promise<ModelPointer | undefined> | ModelPointer,
): Promise<ModelPointer | undefined> => {
  const { tenant, customers, stream, mostUnread, reviewedAsOf } = deps;
  const pageSize = Math.ceil(mostUnread / 2);
  if (!(await untilFewWait(mostUnread - pageSize, deps))) return undefined;
  const page = await customers.listCustomers(tenant, pointer.building?.cursor, pageSize);
  const asOf = reviewedAsOf();
  if (page.customers.length > 0)
    await stream.append(
      topics.events,
      page.customers.map((customer) => reviewOf({ kind: 'review.requested', tenant, customer, asOf, ...asking })),
    );
  return page.next === undefined ? over() : walked(pointer, page.next, page.customers.length);
};

const reviewOf = (event: Extract<CustomerEvent, { kind: 'review.requested' }> & { customer: CustomerId }): Outgoing => {
  const { customer, asOf, building, epoch } = event;
  const id = building === undefined ? `${customer}:epoch:${epoch}` : `${customer}:building:${building}`;
  return {
    key: customer,
    value: encodeCloudEvent(
      { id, source: `regrade/${event.tenant}`, type: `regrade.${event.kind}`, data: event },
      asOf,
    ),
    at: asOf,
  };
};

const untilFewWait = async (few: number, { progress, pause, lookMs }: PublishModelsDeps): Promise<boolean> => {
  while ((await progress.unread(topics.events, 'grade-customers')) > few) if (!(await pause(lookMs))) return false;
  return true;
};

/** Until a group has finished everything that is on a topic now. */
const drained = async (
  topic: Topic,
  group: Parameters<Progress['passed']>[1],
  { progress, pause, lookMs }: PublishModelsDeps,
): Promise<boolean> => {
  const mark: TopicMark = await progress.mark(topic);
  while (!(await progress.passed(topic, group, mark))) if (!(await pause(lookMs))) return false;
  return true;
};

/** Removes the cohorts that no model in force has. False: broken off. */
const dropRetired = async ({ tenant, cohorts, models, pause }: PublishModelsDeps): Promise<boolean> => {
  let after: string | undefined;
  do {
    const page = await cohorts.listCohorts(tenant, after, rowsPerDrop);
    // read after the list: a cohort on it that is of no model known now is of one that never comes back
    const specOf = specsInForce(await models.reload());
    for (const cohort of page.cohorts.filter((each) => specOf(each) === undefined))
      while (!(await cohorts.dropCohort(tenant, cohort, rowsPerDrop))) if (!(await pause(0))) return false;
    after = page.next;
  } while (after !== undefined);
  return true;
};
