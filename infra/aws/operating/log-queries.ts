import { aws_logs as logs } from 'aws-cdk-lib';
import { Construct } from 'constructs';

export interface LogQueriesProps {
  /** Before their names, as a folder. */
  readonly folder: string;
  readonly logGroupNames: readonly string[];
}

/**
 * Questions to the logs that somebody has in a hurry, kept in CloudWatch Logs Insights. Our lines have a number for a level
 * (`shared/runtime/line-logger.ts`), Lambda's own a word, and its reports none.
 */
const queries = {
  // each trail says what came of what: asked again with an id of `to`, it leads to the next stage
  'follow one webhook': [
    'fields @timestamp, stage, outcome, requestId, msg, @message, @log',
    '| filter @message like "put the id of a request, delivery, event or change here"',
    '| sort @timestamp asc',
    '| limit 1000',
  ],
  'failures by stage': [
    'filter level >= 40 or level in ["WARN", "ERROR", "FATAL"] or record.status in ["error", "failure", "timeout"]',
    '| stats count(*) as lines, earliest(@timestamp) as first, latest(@timestamp) as last',
    '    by @log, stage, msg, failure, reason, record.status',
    '| sort lines desc',
    '| limit 200',
  ],
} as const;

export class LogQueries extends Construct {
  constructor(scope: Construct, id: string, { folder, logGroupNames }: LogQueriesProps) {
    super(scope, id);
    for (const [name, lines] of Object.entries(queries))
      new logs.CfnQueryDefinition(this, name, {
        name: `${folder}/${name}`,
        queryString: lines.join('\n'),
        logGroupNames: [...logGroupNames],
      });
  }
}
