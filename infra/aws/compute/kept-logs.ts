import { aws_logs as logs, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { retentionOf } from '../retention-of.ts';
import type { ComputeSettings } from './compute-settings.ts';

/** Lines for as long as the stage says. They outlive what wrote them: an incident may be looked into after a roll-back. */
export class KeptLogs extends Construct {
  readonly group: logs.LogGroup;

  constructor(scope: Construct, id: string, { stage, holdings }: Pick<ComputeSettings, 'stage' | 'holdings'>) {
    super(scope, id);
    this.group = new logs.LogGroup(this, 'Group', {
      retention: retentionOf(stage.retention.logDays),
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      ...(holdings.key === undefined ? {} : { encryptionKey: holdings.key }),
    });
  }
}
