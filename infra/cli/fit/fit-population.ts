import { measurePopulation } from '../../../shared/grading/measure-population.ts';
import type { Population } from '../../../shared/grading/population-shape.ts';
import { refuse } from '../../../shared/grading/statistics/refusal.ts';
import { valueFormat } from '../format-values.ts';
import { printTable } from '../print-table.ts';
import { figuresIn } from './figures.ts';
import type { Fit, FitInput } from './fitting.ts';
import { rfmTexts } from './rfm-texts.ts';

/** Takes the snapshot of all customers that `baseline: population` and `percentile` read. */
export const fitPopulation: Fit = async (input) => {
  const { model, asOf } = input;
  if (model === undefined) return noModel;
  const measure = measurePopulation(model, asOf);
  for await (const { attributes, facts } of input.histories())
    measure.take({ attributes, facts: facts.filter(({ at }) => at <= asOf) });
  const measured = measure.finish();
  if (!measured.ok) return measured;
  const { population } = measured;
  const section = { ...population, means: { ...population.means }, quantiles: { ...population.quantiles } };
  return {
    ok: true,
    report: { population: section },
    page: page(input, population),
    proposal: { population: section },
    editsOf: () => [{ path: ['population'], value: section }],
  };
};

const page = ({ asOf, source, language }: FitInput, { customers, means, quantiles }: Population): string => {
  const texts = rfmTexts[language];
  const { count, decimal, amount } = figuresIn(language);
  const right = 'right' as const;
  const rows = Object.keys({ ...means, ...quantiles }).map((id) => {
    const [mean, values] = [means[id], quantiles[id]];
    const middle = values?.[Math.floor(values.length / 2)];
    const shown = [values?.[0], middle, values?.at(-1)].map((value) => (value === undefined ? '' : amount(value)));
    return [id, mean === undefined ? '' : decimal(mean), ...shown];
  });
  const columns = [
    { title: texts.factor },
    { title: texts.mean, align: right },
    { title: texts.least, align: right },
    { title: texts.median, align: right },
    { title: texts.greatest, align: right },
  ];
  const at = valueFormat(language, source.timezone).instant(asOf);
  return `${texts.population(count(customers), at)}${printTable(columns, rows)}`;
};

const noModel = refuse(
  'noFactors',
  'A snapshot is taken for a model: name its file with --model.',
  '快照是为某个模型生成的：请用 --model 指定其文件。',
);
