import type { Json } from '../../../shared/domain/json.ts';
import type { Language } from '../../../shared/domain/message.ts';
import type { ReliabilityBin } from '../../../shared/grading/statistics/prediction-quality.ts';
import { printTable } from '../print-table.ts';
import { figuresIn } from './figures.ts';
import type { FitInput } from './fitting.ts';
import type { GatheredLeads, LeadSettings } from './gather-leads.ts';
import { leadTexts } from './lead-texts.ts';

/** How well leads were told apart that the fit had not seen. */
export interface LeadQuality {
  readonly examples: number;
  readonly won: number;
  readonly areaUnderCurve: number | undefined;
  /** Absent where there are no probabilities. */
  readonly brierScore?: number;
  readonly logLoss?: number;
  readonly reliability?: readonly ReliabilityBin[];
}

export const qualityJson = ({ areaUnderCurve, reliability, ...rest }: LeadQuality): Json => ({
  ...rest,
  ...(areaUnderCurve === undefined ? {} : { areaUnderCurve }),
  ...(reliability === undefined ? {} : { reliability: reliability.map((bin) => ({ ...bin })) }),
});

/** Which leads were looked at, and what was known of them. */
export const printLeads = (
  { language, source }: FitInput,
  { leads, unknown, open }: GatheredLeads,
  { daysBefore }: LeadSettings,
  leftOut: readonly string[],
): string => {
  const texts = leadTexts[language];
  const { count } = figuresIn(language);
  const won = leads.filter((lead) => lead.won).length;
  const days = count(daysBefore);
  return [
    texts.leads(count(leads.length), count(won), count(leads.length - won), count(open)),
    unknown === 0 ? '' : texts.unknownLeads(count(unknown), days),
    texts.knownThen(days),
    source.kind === 'store' ? texts.presentLeftOut : '',
    leftOut.length === 0 ? '' : texts.leftOut(leftOut.join(', ')),
    '\n',
  ].join('');
};

export const printQuality = (quality: LeadQuality, language: Language): string => {
  const texts = leadTexts[language];
  const { count, decimal, percent } = figuresIn(language);
  const { examples, won, areaUnderCurve, brierScore, reliability } = quality;
  const base = won / examples;
  const parts = [
    '\n',
    texts.judged(count(examples), count(won)),
    areaUnderCurve === undefined ? '' : texts.area(percent(areaUnderCurve), decimal(areaUnderCurve)),
    brierScore === undefined ? '' : texts.brier(decimal(brierScore), decimal(base * (1 - base))),
  ];
  if (reliability === undefined) return parts.join('');
  const right = 'right' as const;
  const columns = [
    { title: texts.leadsColumn, align: right },
    { title: texts.said, align: right },
    { title: texts.happened, align: right },
  ];
  const rows = reliability.map((bin) => [count(bin.examples), percent(bin.said), percent(bin.happened)]);
  return [...parts, texts.calibration, printTable(columns, rows)].join('');
};
