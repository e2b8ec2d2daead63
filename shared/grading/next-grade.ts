import type { GradeChange } from '../domain/change.ts';
import type { Instant } from '../domain/instant.ts';
import type { Profile } from '../domain/profile.ts';
import type { Graded, Grader, Standing } from './grader.ts';

/** Timers looked ahead over: most of them move only a rank key or a tag. */
const mostTimers = 64;

/** When the grade will change next if nothing happens and nobody else moves, and to what. Undefined: not in the foreseeable. */
export const nextGrade = (
  grader: Grader,
  profile: Profile,
  graded: Graded,
  standing: Standing,
): GradeChange['next'] => {
  let [current, at]: [Graded, Instant | undefined] = [graded, graded.next];
  for (let timer = 0; at !== undefined && timer < mostTimers; timer += 1) {
    const later = grader.grade(profile, at, {
      ...standing,
      held: { grade: current.effective, ...(current.waiting === undefined ? {} : { waiting: current.waiting }) },
    });
    if (later.effective !== graded.effective) return { at, to: later.effective };
    [current, at] = [later, later.next];
  }
  return undefined;
};
