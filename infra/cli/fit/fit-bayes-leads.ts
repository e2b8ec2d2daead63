import type { Scalar } from '../../../shared/domain/fact.ts';
import type { ClosedLeadRecord } from '../../../shared/grading/statistics/closed-lead.ts';
import { ranksNothing } from '../../../shared/grading/statistics/fit-logistic.ts';
import { fitNaiveBayes, type NaiveBayesOptions } from '../../../shared/grading/statistics/fit-naive-bayes.ts';
import type { NaiveBayesParams } from '../../../shared/grading/statistics/fitted-params.ts';
import { judgeNaiveBayes, type ScoredLead } from '../../../shared/grading/statistics/judge-naive-bayes.ts';
import { type Refused, refuse } from '../../../shared/grading/statistics/refusal.ts';
import { printTable } from '../print-table.ts';
import { figuresIn } from './figures.ts';
import type { Fit, FitInput } from './fitting.ts';
import { type GatheredLeads, gatherLeads, type LeadSettings } from './gather-leads.ts';
import { leadTexts } from './lead-texts.ts';
import { printLeads, printQuality, qualityJson } from './print-leads.ts';
import { type ProposedSignals, proposalOf, signalEdits } from './propose-signals.ts';

export interface BayesSettings extends LeadSettings {
  /** In their order; without them the stage says nothing. */
  readonly stages: readonly string[];
  /** The attribute that names the stage. */
  readonly stage: string;
}

/** A variable with more values than this is a name or an id. */
const mostValues = 50;
/** Observations that a value of a variable with several values at once, such as tags, needs before it counts. */
const tagsNeed = 50;

/** Counts how often each value stood at leads that were won, and at those that were lost. */
export const fitBayesLeads =
  (settings: BayesSettings): Fit =>
  async (input) => {
    const gathered = await gatherLeads(input, settings);
    const { leads } = gathered;
    const known = [...gathered.numbers, ...gathered.texts].filter((name) => name !== settings.stage);
    const odd = settings.features?.find((name) => !known.includes(name));
    if (odd !== undefined && leads.length > 0) return nobodyHas(odd, known);
    const usable = known.filter((name) => isCategory(name, gathered));
    const names = settings.features ?? usable;
    const [first = 'any', ...rest] = settings.stages;
    const options: NaiveBayesOptions = {
      stages: [first, ...rest],
      variables: Object.fromEntries(names.map((name) => [name, hasLists(leads, name) ? tagsNeed : 0])),
    };
    const scored = leads.map((lead) => scoredLead(lead, names, settings));
    const fitted = fitNaiveBayes(scored, options);
    if (!fitted.ok) return fitted;
    const quality = judgeNaiveBayes(scored, options);
    if ((quality?.areaUnderCurve ?? 1) <= 0.5) return ranksNothing;
    const signals = signalsOf(fitted.params, settings.stage);
    const leftOut = settings.features === undefined ? known.filter((name) => !usable.includes(name)) : [];
    const texts = leadTexts[input.language];
    return {
      ok: true,
      report: {
        ...{ closed: leads.length, open: gathered.open, unknown: gathered.unknown, won: fitted.won, lost: fitted.lost },
        ...{ features: [...names], leftOut, params: paramsJson(fitted.params) },
        ...(quality === undefined ? {} : { quality: qualityJson(quality) }),
      },
      page: [
        texts.fittedBayes,
        printLeads(input, gathered, settings, leftOut),
        telling(fitted.params, input),
        quality === undefined ? texts.notJudged : printQuality(quality, input.language),
      ].join(''),
      proposal: proposalOf(signals),
      editsOf: signalEdits(signals),
    };
  };

const valueOf = ({ known }: ClosedLeadRecord, name: string): Scalar | undefined =>
  Object.hasOwn(known, name) ? known[name]?.value : undefined;

/** Several values of one field are separated by semicolons, as the signal reads them. */
const listOf = (value: Scalar | undefined): readonly string[] =>
  value === undefined
    ? []
    : String(value)
        .split(';')
        .map((each) => each.trim())
        .filter((each) => each !== '');

const isCategory = (name: string, { leads, numbers }: GatheredLeads): boolean => {
  const isPlainNumber = numbers.includes(name) && leads.some((lead) => typeof valueOf(lead, name) === 'number');
  return !isPlainNumber && new Set(leads.flatMap((lead) => listOf(valueOf(lead, name)))).size <= mostValues;
};

const hasLists = (leads: readonly ClosedLeadRecord[], name: string): boolean =>
  leads.some((lead) => listOf(valueOf(lead, name)).length > 1);

const scoredLead = (lead: ClosedLeadRecord, names: readonly string[], { stage }: BayesSettings): ScoredLead => ({
  won: lead.won,
  scoredAt: lead.scoredAt,
  stage: String(valueOf(lead, stage) ?? ''),
  values: Object.fromEntries(names.map((name) => [name, listOf(valueOf(lead, name))])),
});

const mostTold = 10;

/** The values that speak loudest for winning or losing, with how often they were seen. */
const telling = ({ variables }: NaiveBayesParams, { language }: FitInput): string => {
  const texts = leadTexts[language];
  const { count, percent } = figuresIn(language);
  const rows = Object.entries(variables).flatMap(([variable, { atLeast, values }]) =>
    Object.entries(values)
      .filter(([, { won, lost }]) => won + lost >= Math.max(10, atLeast))
      .map(([value, { won, lost }]) => ({ variable, value, won, lost, rate: won / (won + lost) })),
  );
  if (rows.length === 0) return '';
  const best = rows.sort((a, b) => b.rate - a.rate || b.won - a.won);
  const shown = best.length <= mostTold ? best : [...best.slice(0, mostTold / 2), ...best.slice(-mostTold / 2)];
  const right = 'right' as const;
  const columns = [
    { title: texts.feature },
    { title: texts.value },
    { title: texts.won, align: right },
    { title: texts.lost, align: right },
    { title: texts.rate, align: right },
  ];
  return printTable(
    columns,
    shown.map(({ variable, value, won, lost, rate }) => [variable, value, count(won), count(lost), percent(rate)]),
  );
};

const paramsJson = ({ stages, variables }: NaiveBayesParams) => ({ stages: [...stages], variables });

const signalsOf = (params: NaiveBayesParams, stage: string): ProposedSignals => ({
  chanceToWin: {
    title: { zh: '赢单概率', en: 'Chance of winning' },
    from: { model: 'naiveBayes', params: paramsJson(params), stage },
  },
});

const nobodyHas = (name: string, known: readonly string[]): Refused =>
  refuse(
    'unusableFeature',
    `Nothing called ${name} was known of any lead before its outcome. Known are: ${known.join(', ')}.`,
    `结果出现之前，任何线索都没有 ${name}。已知的有：${known.join(', ')}。`,
  );
