import { LogicEngine } from 'json-logic-engine';
import { Engine, type RuleProperties } from 'json-rules-engine';
import type { Profile } from '#shared/domain/profile.ts';
import { type BenchFactor, benchCuts, signalValues } from './grading-model.ts';

/** Points are summed in doubles by these engines: rounded as a careful user of them would. */
const gradeOf = (sum: number): string => {
  const score = Math.round(sum * 1e6) / 1e6;
  return score >= benchCuts.A ? 'A' : score >= benchCuts.B ? 'B' : 'C';
};

/** One rule per band or category. The engine tells which held, so its reasons come for free. */
export const ruleEngine = (factors: readonly BenchFactor[], windows: boolean) => {
  const engine = new Engine(factors.flatMap(rulesOf));
  const values = signalValues(factors, windows);
  return async (customer: Profile, now: number): Promise<string> => {
    const { events } = await engine.run(values(customer, now));
    return gradeOf(events.reduce((sum, { params }) => sum + Number(params?.['points']), 0));
  };
};

const rulesOf = ({ id, weight, bands, map, else: otherwise = 0 }: BenchFactor): RuleProperties[] => {
  const rule = (share: number, all: { operator: string; value: number | string }[]): RuleProperties => ({
    conditions: { all: all.map((condition) => ({ fact: id, ...condition })) },
    event: { type: id, params: { points: share * weight } },
  });
  if (map !== undefined)
    return Object.entries(map).map(([value, share]) => rule(share, [{ operator: 'equal', value }]));
  const steps = bands ?? [];
  return [
    ...steps.map(([limit, share], i) => {
      const above = steps[i - 1]?.[0];
      const upper = above === undefined ? [] : [{ operator: 'lessThan', value: above }];
      return rule(share, [{ operator: 'greaterThanInclusive', value: limit }, ...upper]);
    }),
    rule(otherwise, [{ operator: 'lessThan', value: steps.at(-1)?.[0] ?? 0 }]),
  ];
};

/**
 * JSON Logic, compiled to one function. For reasons it is asked for the points of each factor and sorts them; without it is
 * asked for their sum alone.
 */
export const logicEngine = (factors: readonly BenchFactor[], windows: boolean, reasons: boolean) => {
  const engine = new LogicEngine();
  const points = factors.map(logicOf);
  const values = signalValues(factors, windows);
  if (!reasons) {
    const sum = engine.build({ '+': points }) as (data: unknown) => number;
    return (customer: Profile, now: number): string => gradeOf(sum(values(customer, now)));
  }
  const each = engine.build(points) as (data: unknown) => number[];
  return (customer: Profile, now: number): string => {
    const told = each(values(customer, now)).map((one, i) => ({ factor: factors[i]?.id, points: one }));
    told.sort((a, b) => b.points - a.points);
    if (told[0]?.factor === undefined) throw new Error('a grade without a reason');
    return gradeOf(told.reduce((sum, one) => sum + one.points, 0));
  };
};

const logicOf = ({ id, weight, bands, map, else: otherwise = 0 }: BenchFactor): unknown => {
  const steps =
    map === undefined
      ? (bands ?? []).flatMap(([limit, share]) => [{ '>=': [{ var: id }, limit] }, share * weight])
      : Object.entries(map).flatMap(([value, share]) => [{ '===': [{ var: id }, value] }, share * weight]);
  return { if: [...steps, otherwise * weight] };
};
