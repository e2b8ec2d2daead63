import type { GradeName } from '../../domain/change.ts';
import { areaUnderCurve } from '../statistics/prediction-quality.ts';

/** A grade and a score that a customer held, and what came of it. */
export interface Judged {
  readonly grade: GradeName;
  readonly score: number;
  readonly good: boolean;
}

export interface Precision {
  readonly count: number;
  readonly good: number;
  /** Share of good ones, 0 to 1. */
  readonly rate: number;
}

export interface ScorePart extends Precision {
  /** Lowest and highest score in it. */
  readonly from: number;
  readonly to: number;
}

export interface Judgement extends Precision {
  /** Best grade first; grades that nobody held are left out, no grade comes last. */
  readonly byGrade: readonly (Precision & { readonly grade: GradeName })[];
  /** How often a good one has the higher score; absent unless both good and bad ones are there. */
  readonly areaUnderCurve?: number;
  /** Tenths of all, highest scores first; equal scores stay together, in the better tenth. */
  readonly byScore: readonly ScorePart[];
}

const parts = 10;

/** How well grades and scores told what came. `grades`: names, best first. */
export const judgeGrades = (judged: readonly Judged[], grades: readonly string[]): Judgement => {
  const area = areaUnderCurve(judged.map(({ score, good }) => ({ score, won: good })));
  return {
    ...precisionOf(judged),
    byGrade: [...grades, null]
      .map((grade) => ({ grade, ...precisionOf(judged.filter((each) => each.grade === grade)) }))
      .filter(({ count }) => count > 0),
    ...(area === undefined ? {} : { areaUnderCurve: area }),
    byScore: tenths(judged),
  };
};

const precisionOf = (judged: readonly Judged[]): Precision => {
  const good = judged.filter((each) => each.good).length;
  return { count: judged.length, good, rate: judged.length === 0 ? 0 : good / judged.length };
};

const tenths = (judged: readonly Judged[]): readonly ScorePart[] => {
  const sorted = judged.toSorted((a, b) => b.score - a.score);
  const bins: Judged[][] = [];
  let part = 0;
  for (const [place, one] of sorted.entries()) {
    if (one.score !== sorted[place - 1]?.score) part = Math.floor((place * parts) / sorted.length);
    const bin = bins[part];
    if (bin === undefined) bins[part] = [one];
    else bin.push(one);
  }
  return bins.flatMap((bin) =>
    bin.length === 0 ? [] : [{ ...precisionOf(bin), from: bin.at(-1)?.score ?? 0, to: bin[0]?.score ?? 0 }],
  );
};
