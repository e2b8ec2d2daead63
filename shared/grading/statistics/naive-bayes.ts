import type { NaiveBayesParams } from './fitted-params.ts';

/*
 * The lead scoring of Odoo CRM as its behaviour shows it: frequencies of won and lost leads per value, the first stage's
 * as the prior. Reimplemented from the arithmetic; no code of it was taken.
 */

/** Added to every count: a value only ever seen on won leads does not make a lead certain. */
const smoothing = 0.1;

export interface OpenLead {
  readonly stage: string;
  /** By variable: nothing known is an empty list, tags may be several. */
  readonly values: Readonly<Record<string, readonly string[]>>;
}

export interface BayesProbability {
  /** Per cent, two decimals, 0.01 to 99.99. */
  readonly percent: number;
  /** What spoke for or against: above 0.5 speaks for winning. */
  readonly reasons: readonly { readonly variable: string; readonly value: string; readonly rate: number }[];
}

interface Evidence {
  readonly variable: string;
  readonly value: string;
  /** How often a won lead shows it, and a lost one. */
  readonly amongWon: number;
  readonly amongLost: number;
}

/** Unknown values, values and stages never seen, and values observed too rarely say nothing. */
export const bayesProbability = (params: NaiveBayesParams, lead: OpenLead): BayesProbability => {
  const [first] = params.stages;
  const won = (first?.won ?? 0) + smoothing;
  const lost = (first?.lost ?? 0) + smoothing;
  const evidence = [
    ...stageEvidence(params, lead.stage, won, lost),
    ...Object.entries(lead.values).flatMap(([variable, values]) => valueEvidence(params, variable, values)),
  ];
  // as odds: products of many small rates would vanish
  const lnOdds = evidence.reduce(
    (sum, { amongWon, amongLost }) => sum + Math.log(amongWon / amongLost),
    Math.log(won / lost),
  );
  return {
    percent: Math.min(99.99, Math.max(0.01, Math.round(10_000 / (1 + Math.exp(-lnOdds))) / 100)),
    reasons: evidence.map(({ variable, value, amongWon, amongLost }) => ({
      variable,
      value,
      rate: amongWon / (amongWon + amongLost),
    })),
  };
};

const stageEvidence = ({ stages }: NaiveBayesParams, name: string, won: number, lost: number): Evidence[] =>
  stages
    .filter(({ stage }) => stage === name)
    .map((counts) => ({
      variable: 'stage',
      value: name,
      amongWon: (counts.won + smoothing) / won,
      amongLost: (counts.lost + smoothing) / lost,
    }));

const valueEvidence = ({ variables }: NaiveBayesParams, variable: string, values: readonly string[]): Evidence[] => {
  const table = own(variables, variable);
  if (table === undefined) return [];
  const rows = Object.values(table.values);
  const won = rows.reduce((sum, row) => sum + row.won + smoothing, 0);
  const lost = rows.reduce((sum, row) => sum + row.lost + smoothing, 0);
  return values.flatMap((value) => {
    const row = own(table.values, value);
    if (row === undefined || row.won + row.lost < table.atLeast) return [];
    return [{ variable, value, amongWon: (row.won + smoothing) / won, amongLost: (row.lost + smoothing) / lost }];
  });
};

/** Tags are free text: one called `constructor` is no counted value. */
const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;
