import { Duration, aws_iam as iam, aws_lambda as lambda, type aws_logs as logs, Stack, Validations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { type FunctionDefinition, functions } from '../../../shared/definitions/functions.ts';
import { type FunctionSettings, functionNameOf } from './compute-settings.ts';
import { concurrencyOf } from './concurrency.ts';
import { environmentOf } from './function-environment.ts';
import {
  interfaceStatements,
  keyStatements,
  logStatement,
  placedActions,
  secretStatements,
  tableStatements,
} from './grants.ts';
import { brokerStatements } from './kafka-grants.ts';
import { KeptLogs } from './kept-logs.ts';
import { lambdaSettings } from './lambda-settings.ts';
import { mappedActions, mappingStatements } from './mapping-grants.ts';
import { acceptWildcards } from './wildcards.ts';

/** One folder of `functions/` as one Lambda function, with a role and logs of its own. */
export class PipelineFunction extends Construct {
  readonly lambda: lambda.Function;
  readonly logGroup: logs.LogGroup;
  readonly concurrency: number | undefined;

  constructor(scope: Construct, id: string, props: FunctionSettings) {
    super(scope, id);
    const { name, stageName, stage, site, assets } = props;
    const definition: FunctionDefinition = functions[name];
    const code = assets.get(name);
    if (code === undefined) throw new Error(`${name} has no bundle`);

    this.logGroup = new KeptLogs(this, 'Logs', props).group;
    this.concurrency = concurrencyOf(name, stage);
    const role = roleOf(this, this.logGroup, props);
    this.lambda = new lambda.Function(this, 'Function', {
      functionName: functionNameOf(stageName, name),
      ...lambdaSettings(props),
      code: lambda.Code.fromAsset(code),
      memorySize: stage.functions[name]?.memoryMb ?? definition.memoryMb,
      timeout: Duration.seconds(definition.timeoutSeconds),
      role,
      environment: { ...environmentOf(name, props) },
      logGroup: this.logGroup,
      ...(this.concurrency === undefined ? {} : { reservedConcurrentExecutions: this.concurrency }),
      ...site.placeOf(name),
    });
    acceptFindings(this, props);
  }
}

const roleOf = (scope: PipelineFunction, logGroup: logs.LogGroup, props: FunctionSettings): iam.Role => {
  const { name, stageName, stage, site, holdings } = props;
  const stack = Stack.of(scope);
  const interfaceActions = new Set([
    ...(site.placeOf(name) === undefined ? [] : placedActions),
    ...mappedActions(name, props),
  ]);
  const statements = [
    logStatement(logGroup.logGroupArn),
    ...tableStatements(name, holdings),
    ...secretStatements(stack, name, holdings),
    ...keyStatements(stack, holdings.key, [
      'dynamodb',
      'secretsmanager',
      ...(holdings.failures === undefined ? [] : ['s3']),
    ]),
    ...brokerStatements(name, stage, holdings.brokers.cluster?.arn),
    ...mappingStatements(name, props),
    ...interfaceStatements(stack, functionNameOf(stageName, name), interfaceActions),
  ];
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    description: `What ${name} of stage ${stageName} may do`,
  });
  for (const statement of statements) role.addToPolicy(statement);
  acceptWildcards(role, props, interfaceActions.size > 0);
  return role;
};

const acceptFindings = (scope: PipelineFunction, { name, stage }: FunctionSettings): void => {
  Validations.of(scope).acknowledge({
    id: 'Serverless-LambdaDLQ',
    reason:
      functions[name].calledBy.kind === 'clock'
        ? 'A round that fails is not repeated: the next minute finds everything that this one left.'
        : 'It is called and answered at once: what fails is told to the caller, who sends it again or keeps it.',
  });
  if (!stage.tracing)
    Validations.of(scope).acknowledge({
      id: 'Serverless-LambdaTracing',
      reason: 'Traces are priced by the call: `tracing: true` in the stage file switches them on.',
    });
};
