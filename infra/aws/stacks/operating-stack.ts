import { CrossStackReferences, type aws_kms as kms, ReferenceStrength, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AlarmTeller, type Telling } from '../operating/alarm-teller.ts';
import { AlarmTopic } from '../operating/alarm-topic.ts';
import { alarmsOf } from '../operating/alarms.ts';
import { StageDashboard } from '../operating/dashboard.ts';
import { dashboardRows } from '../operating/dashboard-rows.ts';
import { failedSteps } from '../operating/figures.ts';
import { LogQueries } from '../operating/log-queries.ts';
import { StageAlarms } from '../operating/stage-alarms.ts';
import { StepFailures } from '../operating/step-failures.ts';
import type { Watched } from '../operating/watched.ts';
import { watchingOf } from '../operating/watched-of.ts';
import type { OfStage } from '../parts.ts';

export interface OperatingStackProps extends StackProps, OfStage {
  readonly watched: Watched;
  /** A key of one's own, for what alarms say. */
  readonly key: kms.IKey | undefined;
  /** Undefined where alarms are told on no channel. */
  readonly telling: Telling | undefined;
}

/** What looks after the others: alarms, where they are told, one dashboard, questions to the logs. It keeps nothing. */
export class OperatingStack extends Stack {
  constructor(scope: Construct, id: string, props: OperatingStackProps) {
    super(scope, id, props);
    // whom it watches may be replaced or taken away without asking it
    CrossStackReferences.of(this).consume(ReferenceStrength.WEAK);
    const { stageName, stage, watched, key, telling } = props;
    const watching = watchingOf(props);
    const name = `regrade-${stageName}`;
    const logGroups = Object.values(watched.functions).map(({ logGroupName }) => logGroupName);
    const { topic } = new AlarmTopic(this, 'Told', { name: `${name}-alarms`, choices: stage.alarms, key });
    const { channel } = stage.alarms;
    if (channel !== undefined && telling !== undefined)
      new AlarmTeller(this, 'Teller', { ...telling, stageName, stage, channel, topic });
    new StepFailures(this, 'StepFailures', {
      logGroupName: watched.functions['keep-time'].logGroupName,
      figure: failedSteps(watching),
    });
    const { alarms } = new StageAlarms(this, 'Alarms', {
      prefix: name,
      alarms: alarmsOf(watched, watching),
      topic,
    });
    new StageDashboard(this, 'Page', { name, alarms, rows: dashboardRows(watched, watching) });
    new LogQueries(this, 'Queries', { folder: name, logGroupNames: logGroups });
  }
}
