import type { Cause, Contribution, GradeChange, GradeName, ModelRef, WeighedContribution } from '../domain/change.ts';
import type { CohortCuts, CohortId, CohortSpec } from '../domain/cohort.ts';
import type { HeldGrade, Waiting } from '../domain/customer-state.ts';
import type { Hold } from '../domain/hold.ts';
import type { CustomerId, SubjectKind } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { LedgerBody } from '../domain/ledger.ts';
import type { Profile } from '../domain/profile.ts';
import type { Reasons } from '../domain/reasons.ts';

/** What a decision needs beside profile and instant. */
export interface Standing {
  readonly customer: CustomerId;
  /** What the customer holds by this model; undefined: it was never decided. */
  readonly held?: Pick<HeldGrade, 'grade' | 'waiting'> | undefined;
  /** Another model decided before this one: what it asks for counts at once. The exit band counts from the grade held all the same. */
  readonly takesOver?: boolean;
  /** A grade that a person set. Only for the model that decides. */
  readonly hold?: Hold | undefined;
  /** The customer is part of another one and graded there, or nothing is known of it any more. */
  readonly isOutside?: boolean;
  /** Taken for where the customer stands, instead of asking for cuts: the answer tells no rank then. */
  readonly zone?: number;
  /** The cuts of a cohort, the newest at hand. */
  readonly cutsOf: (cohort: CohortId, spec: CohortSpec) => CohortCuts;
}

/** Where a customer stands in its cohort, and the cuts it was judged by. */
export interface Ranked {
  readonly key: string;
  readonly cuts: CohortCuts;
}

/** What one model says about one customer at one instant. */
export interface Graded {
  /** Null when the customer is not in the model's scope. */
  readonly score: number | null;
  /** How many thresholds the customer is beyond; 0 is the best. */
  readonly zone: number;
  /** The grade by score and cut-offs alone. */
  readonly raw: GradeName;
  /** What exit bands and guards make of it, before it has lasted. */
  readonly asked: GradeName;
  /** The grade that counts: after guards, stability and holds. */
  readonly effective: GradeName;
  /** The guard that decided, if one did. */
  readonly guard?: string;
  readonly segment?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly waiting?: Waiting;
  readonly rank?: Ranked;
  /** The hold that decided. */
  readonly hold?: Hold;
  /**
   * The next instant at which the grade, the scope, the segment, a tag or the rank key would change, or what waits will have lasted
   * or a hold will have ended, although nothing happens.
   */
  readonly next?: Instant;
}

/** One decision, and what it went by. */
export interface Explainable {
  readonly profile: Profile;
  readonly now: Instant;
  readonly standing: Standing;
  readonly graded: Graded;
  /** Of the change, where there is one. */
  readonly cause?: Cause | undefined;
}

export interface Explained {
  readonly contributions: readonly WeighedContribution[];
  /** Undefined where there is no score. */
  readonly reasons: Reasons | undefined;
  /** When the grade will change next if nothing happens, and to what. */
  readonly next: GradeChange['next'];
}

/** A compiled model. Pure: the same profile, instant and standing give the same answer. */
export interface Grader {
  readonly model: ModelRef;
  /** The kind of customer it grades; all others are outside its scope. */
  readonly subject: SubjectKind;
  /** Grade names, best first, with those that do not rank at the end. */
  readonly grades: readonly { readonly id: string; readonly ranked: boolean; readonly label: Labels }[];
  /** Score at or above which a grade begins, by grade; none where customers are ranked or a table decides. */
  readonly cuts: Readonly<Record<string, number>>;
  /** Some or all of its customers are ranked against each other. */
  readonly ranks: boolean;
  /** How the cuts of one of its cohorts are set; undefined: it is not this model's. */
  readonly specOf: (cohort: CohortId) => CohortSpec | undefined;
  grade(profile: Profile, now: Instant, standing?: Standing): Graded;
  /** The points behind the score, largest magnitude first; they sum to the score within 1e-9. */
  contributions(profile: Profile, now: Instant): readonly Contribution[];
  /** Why a decision is what it is, and what would change it. */
  explain(decided: Explainable): Explained;
  /** What the cuts of a decision come to as scores, at its instant: by grade, best first. */
  readonly cutScores: (graded: Graded, now: Instant) => Readonly<Record<string, number>>;
  /** The score, as a reader knows it, that the first number of a rank key stands for. */
  readonly scoreOfRank: (segment: string | undefined, number: number, now: Instant) => number;
  /** True when a ledger entry says what this model makes of what the entry went by. */
  readonly decidesSame: (body: LedgerBody) => boolean;
}

/** What a model says, without looking ahead. */
export type Decision = Omit<Graded, 'next'>;

/** A grader that can also leave out the timer: for simulations over many customers. */
export interface CompiledGrader extends Grader {
  /** As `grade`, several times faster, without `next`. */
  decide(profile: Profile, now: Instant, standing?: Standing): Decision;
}

/** A text in the languages the product speaks. */
export interface Labels {
  readonly zh: string;
  readonly en: string;
}
