import type { CohortId } from '../../../shared/domain/cohort.ts';
import type { CohortAudit, CohortDrift } from '../../../shared/usecases/audit-cohort.ts';
import type { CliContext, ExitCode, GlobalOptions } from '../context.ts';
import { printTable } from '../print-table.ts';
import { noProgress, type Progress, progressBar } from '../progress.ts';
import type { ListedCohorts, NodeReader } from '../reader.ts';
import { withReader } from '../with-reader.ts';
import { type CohortTexts, cohortTexts } from './verify-cohorts-texts.ts';

export interface VerifyCohortsOptions extends GlobalOptions {
  readonly json: boolean;
}

interface Counted {
  readonly cohorts: number;
  readonly members: number;
  /** Batches were applied to them whenever they were counted. */
  readonly moved: readonly CohortId[];
  /** Of models that are not in use: nothing says how their cuts are set. */
  readonly retired: readonly CohortId[];
  readonly drifts: readonly CohortDrift[];
}

const pageSize = 100;
/** Counts of a cohort that moves meanwhile. */
const mostCounts = 5;

/** Counts every cohort from its rows and compares it with what decisions go by. Any difference is exit code 1. */
export const verifyCohorts = (context: CliContext, options: VerifyCohortsOptions): Promise<ExitCode> =>
  withReader(context, options, async (reader) => {
    const counted = await countAll(context, reader);
    const texts = cohortTexts[context.language];
    context.out(options.json ? `${JSON.stringify(counted, null, 2)}\n` : report(counted, texts));
    return counted.drifts.length === 0 ? 0 : 1;
  });

const countAll = async (context: CliContext, reader: NodeReader): Promise<Counted> => {
  const listed = await listAll(reader);
  const total = listed.reduce((sum, { members }) => sum + members, 0);
  const progress = context.isTerminal && total > 0 ? progressBar(total) : noProgress;
  let counted: Counted = { cohorts: 0, members: 0, moved: [], retired: [], drifts: [] };
  for (const one of listed) counted = add(counted, one.cohort, await count(reader, one, progress));
  progress.stop();
  return counted;
};

const listAll = async (reader: NodeReader): Promise<ListedCohorts['cohorts']> => {
  const all: ListedCohorts['cohorts'][number][] = [];
  let after: string | undefined;
  do {
    const page = await reader.listCohorts(after, pageSize);
    all.push(...page.cohorts);
    after = page.next;
  } while (after !== undefined);
  return all;
};

/** The bar goes on by the cohort's members, however often it is counted. */
const count = async (
  reader: NodeReader,
  { cohort, members }: ListedCohorts['cohorts'][number],
  progress: Progress,
): Promise<CohortAudit> => {
  let left = members;
  const pass = (rows: number): void => {
    progress.add(Math.min(rows, left));
    left -= Math.min(rows, left);
  };
  let found = await reader.auditCohort(cohort, pass);
  for (let counts = 1; found.outcome === 'moved' && counts < mostCounts; counts += 1)
    found = await reader.auditCohort(cohort, pass);
  pass(left);
  return found;
};

const add = (sum: Counted, cohort: CohortId, found: CohortAudit): Counted => {
  switch (found.outcome) {
    case 'exact':
      return { ...sum, cohorts: sum.cohorts + 1, members: sum.members + found.members };
    case 'drifted': {
      const { drifts, exact } = found;
      const members = sum.members + exact.members;
      return { ...sum, cohorts: sum.cohorts + 1, members, drifts: [...sum.drifts, ...drifts] };
    }
    case 'moved':
    case 'broken-off':
      return { ...sum, moved: [...sum.moved, cohort] };
    case 'retired':
      return { ...sum, retired: [...sum.retired, cohort] };
  }
};

const report = ({ cohorts, members, moved, retired, drifts }: Counted, texts: CohortTexts): string =>
  [
    texts.counted(cohorts, members),
    retired.length === 0 ? '' : texts.retired(retired.length),
    moved.length === 0 ? '' : texts.moved(moved),
    drifts.length > 0 ? `${texts.found(drifts.length)}${driftTable(drifts, texts)}` : cohorts > 0 ? texts.exact : '',
  ].join('');

const driftTable = (drifts: readonly CohortDrift[], texts: CohortTexts): string =>
  printTable(
    [{ title: texts.cohort }, { title: texts.where }, { title: texts.expected }, { title: texts.is }],
    drifts.map((drift) => [drift.cohort, placeOf(drift, texts), drift.expected, drift.found]),
  );

const placeOf = (drift: CohortDrift, texts: CohortTexts): string => {
  if (drift.what === 'place') return texts.place(drift.customer);
  const { what, threshold } = drift;
  return threshold === undefined ? texts.what[what] : texts.ofCut(texts.what[what], threshold + 1);
};
