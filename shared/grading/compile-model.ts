import type { GradeName } from '../domain/change.ts';
import type { CohortId } from '../domain/cohort.ts';
import { emptyCuts, zoneOf } from '../domain/cohort.ts';
import { ConnectionId, customerIdOf, isOfKind, type SubjectKind } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Profile } from '../domain/profile.ts';
import type { Outcome } from './compile-outcome.ts';
import { type CompiledSegment, compileSegment, cutScores } from './compile-segment.ts';
import { compileSelector } from './compile-selector.ts';
import type { Variant } from './compile-variant.ts';
import { decidesSame } from './decide-again.ts';
import { explainDecision } from './explain-decision.ts';
import type { CompiledGrader, Decision, Ranked, Standing } from './grader.ts';
import type { Model } from './model.ts';
import { resolveSegments } from './resolve-segments.ts';
import { type StabilityRule, settle } from './stability.ts';

/**
 * Turns a model into closures, once; `hash` is the content hash of its file. The grader works on memory of its own that
 * it reuses, so it must not be called from within itself; what it returns is never touched again. Cohorts are named after the
 * epoch that the model came in with: where a version comes back they are others than those it left behind.
 */
export const compileModel = (model: Model, hash: string, epoch = 1): CompiledGrader => {
  const version = epoch === 1 ? hash.slice(0, 12) : `${hash.slice(0, 12)}.${epoch}`;
  const family = (segment: string): string => `${model.id}:${version}:${segment}`;
  const base = compileSegment(model, undefined, family(''));
  const special = resolveSegments(model).map(({ id, model: merged, ownCohort }) =>
    compileSegment(merged, id, family(ownCohort ? id : '')),
  );
  const selector = compileSelector(model);
  const segmentOf = (profile: Profile, now: Instant): CompiledSegment =>
    special.length === 0 ? base : (special[selector.select(profile, now)] ?? base);
  const named = (segment: string | undefined): CompiledSegment => special.find(({ id }) => id === segment) ?? base;
  const describe = describer(model);
  const ranked = model.grades.filter((grade) => grade.ranked);
  const names = ranked.map(({ id }) => id);

  const decideIn = (segment: CompiledSegment, profile: Profile, now: Instant, standing: Standing): Settled => {
    const { variant } = segment;
    variant.load(profile, now);
    let rank: Ranked | undefined;
    const found = variant.decide(placeIn(model, standing.held?.grade), () => {
      if (variant.ranking === undefined) return 0;
      if (standing.zone !== undefined) return standing.zone;
      rank = rankIn(variant.ranking, profile, standing);
      return zoneOf(rank.key, rank.cuts, variant.ranking.spec);
    });
    return settled(describe(found, segment, rank), standing, now, segment.stability, names);
  };
  const alone = aloneAs(model.subject);
  const asks = ({ customer, isOutside }: Standing): boolean => isOutside !== true && isOfKind(customer, model.subject);
  const grader: CompiledGrader = {
    model: { id: model.id, version: model.version, hash },
    subject: model.subject,
    grades: [...ranked, ...model.grades.filter((grade) => !grade.ranked)].map(({ id, ranked: ranks, label }) => ({
      id,
      ranked: ranks,
      label,
    })),
    cuts: base.variant.outcome.cutoffs.atLeast,
    ranks: [base, ...special].some(({ variant }) => variant.ranking !== undefined),
    specOf: (cohort) => [base, ...special].find(({ variant }) => isOf(cohort, variant))?.variant.spec,
    decide: (profile, now, standing = alone) =>
      asks(standing) ? decideIn(segmentOf(profile, now), profile, now, standing).decision : outside,
    grade: (profile, now, standing = alone) => {
      if (!asks(standing)) return outside;
      const segment = segmentOf(profile, now);
      const { decision, due } = decideIn(segment, profile, now, standing);
      const next = Math.min(
        segment.variant.nextInstant(now) ?? Number.POSITIVE_INFINITY,
        special.length === 0 ? Number.POSITIVE_INFINITY : selector.next(now),
        due,
      );
      return next === Number.POSITIVE_INFINITY ? decision : { ...decision, next };
    },
    contributions: (profile, now) => {
      const { variant } = segmentOf(profile, now);
      variant.load(profile, now);
      return variant.contributions();
    },
    explain: (decided) => explainDecision(grader, named(decided.graded.segment), decided),
    cutScores: (graded, now) => cutScores(named(graded.segment), graded, now),
    scoreOfRank: (segment, number, now) => named(segment).variant.ranking?.scoreOf(number, now) ?? number,
    decidesSame: (body) => decidesSame(body, named(body.segment), names),
  };
  return grader;
};

/** A customer judged by itself: for models whose cut-offs look at nobody else. */
const aloneAs = (subject: SubjectKind): Standing => ({
  customer: customerIdOf(subject, nowhere, 'none'),
  cutsOf: (cohort, spec) => emptyCuts(cohort, spec),
});

const nowhere = ConnectionId.parse('none');

const rankIn = (
  { cohortOf, spec, find, keyOf }: NonNullable<Variant['ranking']>,
  { attributes }: Profile,
  { customer, cutsOf }: Standing,
): Ranked => {
  find();
  return { key: keyOf(customer), cuts: cutsOf(cohortOf(attributes), spec) };
};

/** A cohort is a family, and perhaps the values of its partitions. */
const isOf = (cohort: CohortId, { ranking }: Variant): boolean => ranking?.owns(cohort) === true;

const placeIn = ({ grades }: Model, grade: GradeName | undefined): number =>
  grade === null || grade === undefined ? -1 : grades.findIndex(({ id }) => id === grade);

interface Settled {
  readonly decision: Decision;
  /** When what waits will have lasted, or a hold will have ended. */
  readonly due: Instant;
}

/** A hold by hand goes over everything; otherwise the grade follows as reluctantly as the model says. */
const settled = (
  decision: Decision,
  { held, hold, takesOver }: Standing,
  now: Instant,
  rule: StabilityRule,
  ranked: readonly string[],
): Settled => {
  if (decision.score === null) return { decision, due: Number.POSITIVE_INFINITY };
  if (hold !== undefined && now < (hold.until ?? Number.POSITIVE_INFINITY))
    return { decision: { ...decision, effective: hold.grade, hold }, due: hold.until ?? Number.POSITIVE_INFINITY };
  if (takesOver === true) return { decision, due: Number.POSITIVE_INFINITY };
  const { grade, waiting, due } = settle(held, decision.asked, now, rule, ranked);
  if (grade === decision.effective && waiting === undefined) return { decision, due: Number.POSITIVE_INFINITY };
  return {
    decision: { ...decision, effective: grade, ...(waiting === undefined ? {} : { waiting }) },
    due: due ?? Number.POSITIVE_INFINITY,
  };
};

const noTags: Readonly<Record<string, string>> = Object.freeze({});
const outside: Decision = Object.freeze({
  score: null,
  zone: 0,
  raw: null,
  asked: null,
  effective: null,
  tags: noTags,
});

type Describe = (outcome: Outcome, segment: CompiledSegment, rank: Ranked | undefined) => Decision;

const describer = (model: Model): Describe => {
  const grades = model.grades.map(({ id }) => id);
  const names = Object.keys(model.tags);
  const tagsOf = (labels: readonly (string | undefined)[]): Readonly<Record<string, string>> => {
    if (names.length === 0) return noTags;
    const tags: Record<string, string> = {};
    for (const [i, name] of names.entries()) {
      const label = labels[i];
      if (label !== undefined) tags[name] = label;
    }
    return tags;
  };
  return ({ inScope, zone, raw, asked, guard, tags }, { id, model: own, variant }, rank) => {
    if (!inScope) return outside;
    const grade = grades[asked] ?? null;
    const by = guard < 0 ? undefined : own.guards[guard]?.id; // reading before a list is slow
    return {
      score: variant.score(),
      zone,
      raw: grades[raw] ?? null,
      asked: grade,
      effective: grade,
      tags: tagsOf(tags),
      ...(by === undefined ? undefined : { guard: by }),
      ...(id === undefined ? undefined : { segment: id }),
      ...(rank === undefined ? undefined : { rank }),
    };
  };
};
