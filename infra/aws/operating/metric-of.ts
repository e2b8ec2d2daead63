import { aws_cloudwatch as cloudwatch, type Duration } from 'aws-cdk-lib';
import type { Figure, Formula, Series } from './figures.ts';

/** A figure in CDK's words. `place`: among the figures of one chart, where no two formulas may name a series alike. */
export const metricOf = (
  figure: Figure,
  period: Duration,
  place = 0,
): cloudwatch.Metric | cloudwatch.MathExpression => {
  if (!('formula' in figure)) return seriesOf(figure, period);
  const { formula, of, label } = placed(figure, place);
  return new cloudwatch.MathExpression({
    expression: formula,
    usingMetrics: Object.fromEntries(Object.entries(of).map(([id, series]) => [id, seriesOf(series, period)])),
    period,
    ...(label === undefined ? {} : { label }),
  });
};

const placed = (figure: Formula, place: number): Formula => {
  const ids = Object.keys(figure.of);
  if (place === 0 || ids.length === 0) return figure;
  const renamed = (id: string): string => `${id}_${place}`;
  return {
    ...figure,
    formula: figure.formula.replace(new RegExp(`\\b(${ids.join('|')})\\b`, 'g'), renamed),
    of: Object.fromEntries(Object.entries(figure.of).map(([id, series]) => [renamed(id), series])),
  };
};

const seriesOf = ({ namespace, name, dimensions, statistic, label }: Series, period: Duration): cloudwatch.Metric =>
  new cloudwatch.Metric({
    namespace,
    metricName: name,
    dimensionsMap: { ...dimensions },
    statistic,
    period,
    ...(label === undefined ? {} : { label }),
  });
