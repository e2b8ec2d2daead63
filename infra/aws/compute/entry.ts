import {
  aws_apigateway as accessLogs,
  aws_apigatewayv2 as gateway,
  aws_apigatewayv2_integrations as integrations,
  aws_lambda as lambda,
  Validations,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { ComputeSettings } from './compute-settings.ts';
import { KeptLogs } from './kept-logs.ts';

export interface EntryProps extends Pick<ComputeSettings, 'stageName' | 'stage' | 'holdings'> {
  readonly receive: lambda.Function;
}

/** The one public door: webhooks come in here, and everyone who knocks has to prove a secret to the function behind it. */
export class Entry extends Construct {
  /** Ends in `/`; `hooks/…` follows. */
  readonly url: string;
  /** Undefined for a function URL. */
  readonly api: gateway.HttpApi | undefined;

  constructor(scope: Construct, id: string, props: EntryProps) {
    super(scope, id);
    const { entry } = props.stage;
    switch (entry.kind) {
      case 'http-api':
        this.api = httpApi(this, entry.throttle, props);
        this.url = `${this.api.apiEndpoint}/`;
        break;
      case 'function-url':
        this.url = props.receive.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.NONE }).url;
    }
  }
}

interface Throttle {
  readonly perSecond: number;
  readonly burst: number;
}

/** One route with everything below it: which of its paths exist is the function's to say, and what else is asked for costs no call. */
const httpApi = (scope: Construct, { perSecond, burst }: Throttle, props: EntryProps): gateway.HttpApi => {
  const api = new gateway.HttpApi(scope, 'Api', { apiName: `regrade-${props.stageName}`, createDefaultStage: false });
  const routes = api.addRoutes({
    path: '/hooks/{proxy+}',
    methods: [gateway.HttpMethod.POST],
    integration: new integrations.HttpLambdaIntegration('Receive', props.receive),
  });
  for (const route of routes)
    Validations.of(route).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason: 'CRMs cannot sign in to AWS: the function checks the signature or the secret of every delivery.',
    });
  new gateway.HttpStage(scope, 'Stage', {
    httpApi: api,
    stageName: '$default',
    autoDeploy: true,
    throttle: { rateLimit: perSecond, burstLimit: burst },
    accessLogSettings: {
      destination: new gateway.LogGroupLogDestination(new KeptLogs(scope, 'Logs', props).group),
      format: accessLogs.AccessLogFormat.custom(JSON.stringify(accessLine)),
    },
  });
  return api;
};

/** By template, never by path: a path may hold a secret. */
const accessLine = {
  time: '$context.requestTime',
  requestId: '$context.requestId',
  /** The line of the function's own log. */
  callId: '$context.integration.requestId',
  route: '$context.routeKey',
  status: '$context.status',
  error: '$context.error.message',
  failure: '$context.integrationErrorMessage',
  latencyMs: '$context.responseLatency',
  bytes: '$context.responseLength',
  from: '$context.identity.sourceIp',
};
