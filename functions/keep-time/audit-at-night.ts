import * as z from 'zod';
import type { CohortId } from '../../shared/domain/cohort.ts';
import { calendarOf } from '../../shared/grading/calendar.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Metrics } from '../../shared/ports/metrics.ts';
import {
  type AuditCohortDeps,
  auditCohort,
  type CohortAudit,
  type Drifted,
  type RepairCohortDeps,
  repairCohort,
} from '../../shared/usecases/audit-cohort.ts';

export interface NightAuditDeps extends Omit<RepairCohortDeps, 'specOf'> {
  /** Of the models in force now. */
  readonly currentSpecs: () => Promise<AuditCohortDeps['specOf']>;
  readonly memory: {
    recall(name: string): Promise<string | undefined>;
    remember(name: string, value: string): Promise<void>;
  };
  /** True where this instance, of all, may go on with the audit for the next ten minutes. */
  readonly lease: () => Promise<boolean>;
  /** The workspace's. */
  readonly timezone: string;
  /** A night is one by the wall clock: a simulated business day is none. */
  readonly clock: Pick<Clock, 'wallNow' | 'businessNow'>;
  readonly log: Log;
  readonly metrics: Metrics;
}

const stage = 'rank-cohorts';
/** Local time at which a night's audit may begin; where nobody runs then, it is made up for. */
const beginsMs = 3 * 3_600_000;
/** Counts of one cohort while batches are applied to it, before it is left to the next night. */
const mostCounts = 3;
/** Differences of one cohort that are told one by one. */
const mostTold = 20;

/** Beginnings of one cohort that came to no end, since the process died or had no time left. */
const mostBeginnings = 3;

const memoryName = 'cohort-audit';
const Progress = z.object({
  /** The day of the audit begun last, counted by the workspace's calendar. */
  night: z.int(),
  /** Where the list of cohorts goes on; empty: at its beginning. */
  after: z.string(),
  /** Of the next cohort, so far. */
  beginnings: z.int(),
  /** That night's audit is through. */
  isThrough: z.boolean(),
});
type Progress = z.infer<typeof Progress>;

/**
 * Counts one cohort further through this night's audit, tells what differs and puts it right; false when none is left, or no time. A restart
 * goes on where it was. Once a night is through, nothing is read before the next one.
 */
export const auditAtNight = (deps: NightAuditDeps) => {
  const { memory, lease, timezone, clock } = deps;
  const countNext = nextCount(deps);
  const calendar = calendarOf(timezone);
  let lastThrough = Number.NEGATIVE_INFINITY;
  return async (): Promise<boolean> => {
    const night = calendar.dayOf(clock.wallNow() - beginsMs);
    if (lastThrough >= night || !(await lease())) return false;
    const before = progressIn(await memory.recall(memoryName), night);
    const after = before.isThrough ? before : await countNext(before);
    if (after?.isThrough === true) lastThrough = night;
    return after?.isThrough === false;
  };
};

/** Counts the next cohort. Returns how far the audit is now; undefined where it was broken off. */
const nextCount = (deps: NightAuditDeps) => {
  const { tenant, cohorts, memory, currentSpecs } = deps;
  const remember = async (progress: Progress): Promise<Progress> => {
    await memory.remember(memoryName, JSON.stringify(progress));
    return progress;
  };
  return async (progress: Progress): Promise<Progress | undefined> => {
    const counting = { ...deps, specOf: await currentSpecs() };
    const audit = auditCohort(counting);
    const from = progress.after === '' ? undefined : progress.after;
    const { cohorts: listed, next } = await cohorts.listCohorts(tenant, from, 1);
    for (const cohort of listed) {
      await remember({ ...progress, beginnings: progress.beginnings + 1 });
      const found = progress.beginnings < mostBeginnings ? await countPatiently(() => audit(cohort)) : undefined;
      if (found?.outcome === 'broken-off') return undefined;
      tell(cohort, found, deps);
      if (found?.outcome === 'drifted') await mend(found, counting);
    }
    return remember({ night: progress.night, after: next ?? '', beginnings: 0, isThrough: next === undefined });
  };
};

/** Cuts that are wrong grade customers wrongly until they are right: whoever that concerns is reviewed. */
const mend = async (found: Drifted, deps: RepairCohortDeps & Pick<NightAuditDeps, 'clock' | 'log'>): Promise<void> => {
  const { cohort } = found.head;
  if (found.drifts.every(({ what }) => what === 'place')) return;
  if (await repairCohort(deps)(found, deps.clock.businessNow())) deps.log.warn({ stage, cohort }, 'put a cohort right');
  else deps.log.warn({ stage, cohort }, 'a cohort moved before it was put right; the next night tries again');
};

const progressIn = (remembered: string | undefined, night: number): Progress => {
  const known = remembered === undefined ? undefined : Progress.parse(JSON.parse(remembered));
  return known?.night === night ? known : { night, after: '', beginnings: 0, isThrough: false };
};

const countPatiently = async (count: () => Promise<CohortAudit>): Promise<CohortAudit> => {
  let found = await count();
  for (let counts = 1; found.outcome === 'moved' && counts < mostCounts; counts += 1) found = await count();
  return found;
};

const tell = (cohort: CohortId, found: CohortAudit | undefined, { log, metrics }: NightAuditDeps): void => {
  switch (found?.outcome) {
    case undefined:
      log.warn({ stage, cohort }, 'a cohort is too large to be counted here: run regrade verify --cohorts');
      return;
    case 'exact':
      log.info({ stage, cohort, members: found.members }, 'counted a cohort: its cuts are exact');
      return;
    case 'moved':
      log.warn({ stage, cohort }, 'a cohort moved whenever it was counted; the next night tries again');
      return;
    case 'drifted':
      metrics.count(stage, 'drift', found.drifts.length);
      for (const { cohort: _, ...drift } of found.drifts.slice(0, mostTold))
        log.error({ stage, cohort, ...drift }, 'a cohort is not what its rows say: run regrade verify --cohorts');
      return;
    case 'broken-off':
    case 'retired':
      return;
  }
};
