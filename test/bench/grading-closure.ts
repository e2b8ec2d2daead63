import type { Profile } from '#shared/domain/profile.ts';
import { type BenchFactor, benchCuts } from './grading-model.ts';

export interface Judged {
  readonly grade: string;
  readonly reasons: readonly { readonly factor: string; readonly points: number }[] | undefined;
}

const msPerDay = 86_400_000;
const shanghai = 8 * 3_600_000;

/**
 * What a careful programmer would write for just this model, and nothing else: one loop over the facts, no exact money
 * of mixed scales, no missing values, no groups, guards or time zones, no look at what comes next.
 */
export const handWritten = (factors: readonly BenchFactor[], windows: boolean, reasons: boolean) => {
  const weight = 100 / factors.length;
  const band2 = (value: number, a: number, pa: number, b: number, pb: number): number =>
    value >= a ? pa : value >= b ? pb : 0;
  const third = 1 / 3;
  const extra = factors.slice(10).map(({ id, days = 0, events }) => ({ id, days, type: events?.[0] }));
  const n = (value: number | string | undefined): number => Number(value);
  const since = (days: number, today: number): number =>
    windows ? today - (days - 1) * msPerDay : Number.NEGATIVE_INFINITY;
  return ({ attributes, facts }: Profile, now: number): Judged => {
    const today = Math.floor((now + shanghai) / msPerDay) * msPerDay - shanghai;
    const from365 = since(365, today);
    const from180 = since(180, today);
    const from90 = since(90, today);
    let sales365 = 0;
    let orders365 = 0;
    let sales90 = 0;
    let meetings180 = 0;
    let calls90 = 0;
    for (const { type, at, amount } of facts) {
      if (at > now) break;
      switch (type) {
        case 'invoice.paid':
        case 'invoice.refunded': {
          const units = type === 'invoice.paid' ? (amount?.units ?? 0) : -(amount?.units ?? 0);
          if (at >= from365) sales365 += units;
          if (at >= from365 && type === 'invoice.paid') orders365 += 1;
          if (at >= from90) sales90 += units;
          break;
        }
        case 'meeting.held':
          if (at >= from180) meetings180 += 1;
          break;
        case 'call.completed':
          if (at >= from90) calls90 += 1;
          break;
      }
    }
    const { employees, industry, decisionInDays, budget, fit } = attributes as Record<string, number | string>;
    const shares = [
      sales365 >= 8_000_000 ? 1 : sales365 >= 4_000_000 ? 1 - third : sales365 >= 1_000_000 ? 1 - 2 / 3 : 0,
      orders365 >= 4 ? 1 : orders365 >= 2 ? 1 - third : orders365 >= 1 ? 1 - 2 / 3 : 0,
      band2(sales90, 2_000_000, 1, 500_000, 0.5),
      band2(meetings180, 3, 1, 1, 0.5),
      band2(calls90, 2, 1, 1, 0.5),
      n(employees) >= 1_000 ? 1 : n(employees) >= 200 ? 0.8 : n(employees) >= 50 ? 0.5 : 0.1,
      industry === 'leader'
        ? 1
        : industry === 'major'
          ? 0.7
          : industry === 'regional'
            ? 0.4
            : industry === 'small'
              ? 0.1
              : 0,
      n(decisionInDays) >= 180 ? 0.2 : n(decisionInDays) >= 90 ? 0.5 : 1,
      band2(n(budget), 500_000, 1, 100_000, 0.5),
      n(fit) >= 80 ? 1 : n(fit) >= 50 ? 0.6 : n(fit) >= 20 ? 0.2 : 0,
    ];
    for (let i = 0; i < extra.length; i += 1) {
      const { days, type } = extra[i] ?? { days: 0, type: undefined };
      if (type === undefined) {
        shares.push(band2(n(fit), 90 - i, 1, 45 - i, 0.5));
        continue;
      }
      const from = since(days, today);
      let count = 0;
      for (const fact of facts) if (fact.type === type && fact.at >= from && fact.at <= now) count += 1;
      shares.push(band2(count, 2, 1, 1, 0.5));
    }
    let score = 0;
    for (const share of shares) score += share * weight;
    score = Math.round(score * 1e6) / 1e6;
    return {
      grade: score >= benchCuts.A ? 'A' : score >= benchCuts.B ? 'B' : 'C',
      reasons: reasons
        ? shares
            .map((share, i) => ({ factor: factors[i]?.id ?? '', points: share * weight }))
            .sort((a, b) => b.points - a.points)
        : undefined,
    };
  };
};
