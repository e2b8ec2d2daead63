import type { Contribution, GradeName, ModelRef } from '../domain/change.ts';
import type { Instant } from '../domain/instant.ts';
import type { Profile } from '../domain/profile.ts';

/** What one model says about one customer at one instant. */
export interface Graded {
  /** Null when the customer is not in the model's scope. */
  readonly score: number | null;
  /** The grade by score and cut-offs alone. */
  readonly raw: GradeName;
  /** The grade that counts: after guards. */
  readonly effective: GradeName;
  /** The guard that decided, if one did. */
  readonly guard?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The next instant at which score crosses a cut, a guard turns, or scope or a tag changes although nothing happens. */
  readonly next?: Instant;
}

/** A compiled model. Pure: the same profile and instant give the same answer. */
export interface Grader {
  readonly model: ModelRef;
  /** Grade names, best first, with those that do not rank at the end. */
  readonly grades: readonly { readonly id: string; readonly ranked: boolean; readonly label: Labels }[];
  /** Score at or above which a grade begins, by grade. */
  readonly cuts: Readonly<Record<string, number>>;
  grade(profile: Profile, now: Instant): Graded;
  /** The points behind the score, largest magnitude first; they sum to the score within 1e-9. */
  contributions(profile: Profile, now: Instant): readonly Contribution[];
}

/** What a model says, without looking ahead. */
export type Decision = Omit<Graded, 'next'>;

/** A grader that can also leave out the timer: for simulations over many customers. */
export interface CompiledGrader extends Grader {
  /** As `grade`, several times faster, without `next`. */
  decide(profile: Profile, now: Instant): Decision;
}

/** A text in the languages the product speaks. */
export interface Labels {
  readonly zh: string;
  readonly en: string;
}
