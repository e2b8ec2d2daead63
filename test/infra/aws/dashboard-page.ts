import type { Template } from 'aws-cdk-lib/assertions';

export interface Page {
  readonly widgets: readonly {
    readonly properties: {
      readonly markdown?: string;
      readonly alarms?: readonly string[];
      readonly metrics?: readonly (readonly unknown[])[];
    };
  }[];
}

/** The one dashboard of a template, as CloudWatch gets it: references by their logical ids. */
export const pageOf = (template: Template): Page => {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const { DashboardBody } = dashboard?.['Properties'] as { DashboardBody: unknown };
  return JSON.parse(textOf(DashboardBody)) as Page;
};

const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const [[name, argument]] = Object.entries(value as Record<string, unknown>) as [[string, unknown]];
  if (name !== 'Fn::Join') return [argument].flat().join('.');
  const [separator, parts] = argument as [string, readonly unknown[]];
  return parts.map(textOf).join(separator);
};

/** What its charts show, formulas taken apart: searches name their metric in the text. */
export const metricsIn = ({ widgets }: Page): readonly { readonly namespace: string; readonly name: string }[] =>
  widgets.flatMap(({ properties }) => (properties.metrics ?? []).flatMap(metricOf));

const metricOf = (metric: readonly unknown[]): readonly { readonly namespace: string; readonly name: string }[] => {
  const [namespace, name] = metric;
  if (typeof namespace === 'string') return [{ namespace, name: String(name) }];
  const { expression } = namespace as { readonly expression: string };
  return [...expression.matchAll(/SEARCH\('\{"?([^",]+)"?,.*?MetricName="([^"]+)"/g)].map(
    ([, searched = '', found = '']) => ({ namespace: searched, name: found }),
  );
};
