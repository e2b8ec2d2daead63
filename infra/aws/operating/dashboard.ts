import { aws_cloudwatch as cloudwatch, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Chart, Row } from './chart.ts';
import { metricOf } from './metric-of.ts';

export interface StageDashboardProps {
  readonly name: string;
  readonly alarms: readonly cloudwatch.IAlarm[];
  readonly rows: readonly Row[];
}

/** A dashboard has 24 columns. */
const columns = 24;
/** CloudWatch shows so many alarms in one widget. */
const mostAlarms = 100;
const period = Duration.minutes(5);

/** One page: what is wrong first, then every row under its title. */
export class StageDashboard extends Construct {
  constructor(scope: Construct, id: string, { name, alarms, rows }: StageDashboardProps) {
    super(scope, id);
    new cloudwatch.Dashboard(this, 'Dashboard', {
      dashboardName: name,
      defaultInterval: Duration.days(1),
      widgets: [
        ...alarmWidgets(alarms).map((widget) => [widget]),
        ...rows.flatMap(({ title, charts }) => [
          [new cloudwatch.TextWidget({ markdown: `## ${title}`, width: columns, height: 1 })],
          charts.map((chart) => widgetOf(chart, Math.floor(columns / charts.length))),
        ]),
      ],
    });
  }
}

const alarmWidgets = (alarms: readonly cloudwatch.IAlarm[]): readonly cloudwatch.IWidget[] =>
  Array.from({ length: Math.ceil(alarms.length / mostAlarms) }, (_, at) => {
    const shown = alarms.slice(at * mostAlarms, (at + 1) * mostAlarms);
    return new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: shown, width: columns, height: 6 });
  });

const widgetOf = ({ title, kind, figures, unit }: Chart, width: number): cloudwatch.IWidget => {
  const metrics = figures.map((figure, place) => metricOf(figure, period, place));
  switch (kind) {
    case 'numbers':
      return new cloudwatch.SingleValueWidget({ title, metrics, width, height: 6 });
    case 'lines':
    case 'areas':
      return new cloudwatch.GraphWidget({
        title,
        left: metrics,
        leftYAxis: { min: 0, showUnits: false, ...(unit === undefined ? {} : { label: unit }) },
        stacked: kind === 'areas',
        width,
        height: 6,
      });
  }
};
