import type { NaiveBayesParams } from './fitted-params.ts';
import type { OpenLead } from './naive-bayes.ts';
import { type Refused, refuse } from './refusal.ts';

export interface ClosedLead extends OpenLead {
  readonly won: boolean;
}

export interface FittedNaiveBayes {
  readonly ok: true;
  readonly params: NaiveBayesParams;
  readonly won: number;
  readonly lost: number;
}

export interface NaiveBayesOptions {
  /** In their order. */
  readonly stages: readonly [string, ...string[]];
  /** The variables to learn, and how many observations a value needs before it counts: 0, or 50 for tags. */
  readonly variables: Readonly<Record<string, number>>;
}

const fewestLeads = 50;
const fewestOutcomes = 10;

/**
 * Counts closed leads. A won lead has passed every stage, a lost one those up to its own; a stage not listed counts as the
 * first. Refuses below 50 leads or 10 of either outcome: one lead must not make the next one 90 % likely.
 */
export const fitNaiveBayes = (
  leads: readonly ClosedLead[],
  { stages, variables }: NaiveBayesOptions,
): FittedNaiveBayes | Refused => {
  const won = leads.filter((lead) => lead.won).length;
  const lost = leads.length - won;
  if (leads.length < fewestLeads || Math.min(won, lost) < fewestOutcomes)
    return refuse(
      'tooFewOutcomes',
      `${won} won and ${lost} lost leads are too few: at least ${fewestLeads} in all and ${fewestOutcomes} of each are needed. Use hand-set weights until then.`,
      `赢单 ${won} 条、输单 ${lost} 条，样本太少：合计至少 ${fewestLeads} 条，且各至少 ${fewestOutcomes} 条。在此之前请使用人工权重。`,
    );
  return {
    ok: true,
    params: {
      stages: stages.map((stage, i) => ({
        stage,
        ...countOutcomes(leads.filter((lead) => hasPassed(lead, stages, i))),
      })),
      variables: Object.fromEntries(
        Object.entries(variables).map(([name, atLeast]) => [name, { atLeast, values: countValues(leads, name) }]),
      ),
    },
    won,
    lost,
  };
};

const hasPassed = ({ won, stage }: ClosedLead, stages: readonly string[], place: number): boolean =>
  won || place <= Math.max(0, stages.indexOf(stage));

const countOutcomes = (leads: readonly ClosedLead[]): { won: number; lost: number } => {
  const won = leads.filter((lead) => lead.won).length;
  return { won, lost: leads.length - won };
};

const countValues = (leads: readonly ClosedLead[], variable: string): Record<string, { won: number; lost: number }> => {
  const counts = new Map<string, { won: number; lost: number }>();
  for (const { won, values } of leads)
    for (const value of new Set(values[variable])) {
      const { won: before, lost } = counts.get(value) ?? { won: 0, lost: 0 };
      counts.set(value, won ? { won: before + 1, lost } : { won: before, lost: lost + 1 });
    }
  return Object.fromEntries(counts);
};
