import type { ClosedLeadRecord } from '../../../shared/grading/statistics/closed-lead.ts';
import type { Example, Feature } from '../../../shared/grading/statistics/example.ts';
import {
  type FittedLogistic,
  fitLogistic,
  type LogisticOptions,
} from '../../../shared/grading/statistics/fit-logistic.ts';
import type { Calibration, LogisticParams } from '../../../shared/grading/statistics/fitted-params.ts';
import { type Refused, refuse } from '../../../shared/grading/statistics/refusal.ts';
import { printTable } from '../print-table.ts';
import { figuresIn } from './figures.ts';
import { type Fit, type FitInput, significant } from './fitting.ts';
import { type GatheredLeads, gatherLeads, type LeadSettings } from './gather-leads.ts';
import { leadTexts } from './lead-texts.ts';
import { printLeads, printQuality, qualityJson } from './print-leads.ts';
import { type ProposedSignals, proposalOf, signalEdits } from './propose-signals.ts';

export type LogisticSettings = LeadSettings & LogisticOptions;

/** Weighs what was known of leads before they were won or lost. */
export const fitLogisticLeads =
  (settings: LogisticSettings): Fit =>
  async (input) => {
    const gathered = await gatherLeads(input, settings);
    const names = settings.features ?? gathered.numbers;
    const odd = names.find((name) => !gathered.numbers.includes(name));
    if (odd !== undefined && gathered.leads.length > 0) return noNumber(odd, gathered);
    if (names.length === 0 && gathered.leads.length > 0) return nothingToWeigh;
    const fitted = fitLogistic(
      gathered.leads.map((lead) => exampleOf(lead, names)),
      settings,
    );
    if (!fitted.ok) return fitted;
    const params = roundedLogistic(fitted.params);
    const signals = signalsOf(params);
    return {
      ok: true,
      report: {
        ...{ closed: gathered.leads.length, open: gathered.open, unknown: gathered.unknown },
        ...{ features: [...names], leftOut: settings.features === undefined ? [...gathered.texts] : [] },
        ...{ params: paramsJson(params), quality: qualityJson({ ...fitted.quality, ...fitted.quality.probabilities }) },
      },
      page: page(input, { gathered, fitted, params }, settings),
      proposal: proposalOf(signals),
      editsOf: signalEdits(signals),
    };
  };

const exampleOf = ({ won, scoredAt, known }: ClosedLeadRecord, names: readonly string[]): Example => ({
  won,
  scoredAt,
  features: Object.fromEntries(
    names.flatMap((name): [string, Feature][] => {
      const one = Object.hasOwn(known, name) ? known[name] : undefined;
      return one === undefined ? [] : [[name, { value: Number(one.value), knownAt: one.knownAt }]];
    }),
  ),
});

const roundedLogistic = ({ intercept, features, calibration }: LogisticParams): LogisticParams => ({
  intercept: significant(intercept),
  features: Object.fromEntries(
    Object.entries(features).map(([name, { weight, typical }]) => [
      name,
      { weight: significant(weight), typical: significant(typical) },
    ]),
  ),
  ...(calibration === undefined ? {} : { calibration: roundedCalibration(calibration) }),
});

const roundedCalibration = (calibration: Calibration): Calibration =>
  calibration.method === 'platt'
    ? { method: 'platt', slope: significant(calibration.slope), offset: significant(calibration.offset) }
    : {
        method: 'isotonic',
        points: calibration.points.map(([score, probability]): [number, number] => [
          significant(score),
          significant(probability),
        ]),
      };

interface Shown {
  readonly gathered: GatheredLeads;
  readonly fitted: FittedLogistic;
  readonly params: LogisticParams;
}

const page = (input: FitInput, { gathered, fitted, params }: Shown, settings: LogisticSettings): string => {
  const texts = leadTexts[input.language];
  const { parameter, decimal } = figuresIn(input.language);
  const { quality } = fitted;
  const right = 'right' as const;
  const columns = [
    { title: texts.feature },
    { title: texts.weight, align: right },
    { title: texts.typical, align: right },
    { title: texts.odds, align: right },
  ];
  const rows = Object.entries(params.features).map(([name, { weight, typical }]) => [
    name,
    parameter(weight),
    parameter(typical),
    decimal(Math.exp(weight)),
  ]);
  return [
    texts.fittedLogistic,
    printLeads(input, gathered, settings, settings.features === undefined ? gathered.texts : []),
    printTable(columns, rows),
    texts.weightsMean,
    printQuality({ ...quality, ...quality.probabilities }, input.language),
    quality.probabilities === undefined ? texts.noProbability : '',
  ].join('');
};

const paramsJson = ({ intercept, features, calibration }: LogisticParams) => ({
  ...{ intercept, features },
  ...(calibration === undefined ? {} : { calibration }),
});

const signalsOf = (params: LogisticParams): ProposedSignals => ({
  chanceToWin: {
    title: { zh: '赢单概率', en: 'Chance of winning' },
    from: {
      model: 'logistic',
      params: paramsJson(params),
    },
  },
});

const noNumber = (name: string, { numbers, texts }: GatheredLeads): Refused => {
  const list = numbers.join(', ');
  return texts.includes(name)
    ? refuse(
        'unusableFeature',
        `${name} holds texts: logistic regression weighs numbers, and yes or no. Take it out, or use naive-bayes. Numbers are: ${list}.`,
        `${name} 是文字：逻辑回归只能使用数字和是非值。请去掉它，或使用 naive-bayes。可用的数字有：${list}。`,
      )
    : refuse(
        'unusableFeature',
        `Nothing called ${name} was known of any lead before its outcome. Numbers are: ${list}.`,
        `结果出现之前，任何线索都没有 ${name}。可用的数字有：${list}。`,
      );
};

const nothingToWeigh = refuse(
  'unusableFeature',
  'No number was known of these leads before their outcome. Give columns attributes.x with a date, fields of facts, or --count.',
  '结果出现之前没有任何数字可用。请提供带日期的 attributes.x 列、事实字段，或使用 --count。',
);
