import type { GradeChange, GradeName } from '../domain/change.ts';
import type { Instant } from '../domain/instant.ts';
import type { Profile } from '../domain/profile.ts';
import type { ProjectedStep } from '../domain/reasons.ts';
import type { Graded, Grader, Standing } from './grader.ts';

export interface Projection {
  /** In order; what only moves a tag or a rank key is none. */
  readonly steps: readonly ProjectedStep[];
  /** The first other grade, and when; undefined: not in the foreseeable. */
  readonly next: GradeChange['next'];
}

interface Start {
  readonly profile: Profile;
  readonly graded: Graded;
  readonly standing: Standing;
  /** How long a change has to last, ISO 8601, by direction. */
  readonly dwell: Readonly<Record<'up' | 'down', string>>;
  /** How many steps are asked for. */
  readonly most: number;
}

/** Timers looked ahead over: most of them move only a rank key or a tag. */
const mostTimers = 64;

/** What comes if nothing happens and nobody else moves: the customer is graded again at each of its timers, as it will be then. */
export const projectGrades = (grader: Grader, { profile, graded, standing, dwell, most }: Start): Projection => {
  const steps: ProjectedStep[] = [];
  let next: GradeChange['next'];
  let [current, at]: [Graded, Instant | undefined] = [graded, graded.next];
  let waitedFor: Graded | undefined;
  const isRanked = (grade: GradeName): boolean => grader.grades.some(({ id, ranked }) => ranked && id === grade);
  for (let timer = 0; at !== undefined && timer < mostTimers; timer += 1) {
    const later = grader.grade(profile, at, { ...standing, takesOver: false, held: heldAfter(current) });
    if (begins(later, current)) waitedFor = later;
    const step = stepBetween(current, later, at, { dwell, waitedFor, isRanked });
    if (step !== undefined) steps.push(step);
    if (later.effective !== graded.effective) next ??= { at, to: later.effective };
    if (steps.length >= most && next !== undefined) break;
    [current, at] = [later, later.next];
  }
  return { steps: steps.slice(0, most), next };
};

const heldAfter = ({ effective, waiting }: Graded): Standing['held'] => ({
  grade: effective,
  ...(waiting === undefined ? {} : { waiting }),
});

const begins = (later: Graded, before: Graded): boolean =>
  later.waiting !== undefined &&
  (later.waiting.since !== before.waiting?.since || later.waiting.direction !== before.waiting.direction);

interface Waits extends Pick<Start, 'dwell'> {
  readonly waitedFor: Graded | undefined;
  readonly isRanked: (grade: GradeName) => boolean;
}

/** Another grade, or other grounds for the same; what only begins to wait is told once it has lasted. */
const stepBetween = (before: Graded, later: Graded, at: Instant, waits: Waits): ProjectedStep | undefined => {
  // to a grade that is not ranked it goes at once, whatever waits
  const waited = before.waiting !== undefined && waits.isRanked(later.effective) ? before.waiting : undefined;
  const changes = later.effective !== before.effective;
  const differs = later.raw !== before.raw || later.guard !== before.guard;
  if (!changes && (!differs || later.waiting !== undefined)) return undefined;
  return {
    at,
    score: later.score,
    raw: later.raw,
    to: later.effective,
    ...(later.guard === undefined ? {} : { guard: later.guard }),
    ...(changes && waited !== undefined ? { waited: waitedOf(waited, waits) } : {}),
  };
};

const waitedOf = (
  { since, direction }: NonNullable<Graded['waiting']>,
  { dwell, waitedFor }: Waits,
): NonNullable<ProjectedStep['waited']> => ({
  since,
  dwell: dwell[direction],
  ...(waitedFor?.waiting?.since === since ? { score: waitedFor.score } : {}),
});
