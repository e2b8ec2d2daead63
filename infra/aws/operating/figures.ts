import type { FunctionName } from '../../../shared/definitions/functions.ts';
import type { Watched, WatchedCluster, WatchedFunction, Watching } from './watched.ts';

export type Statistic = 'Sum' | 'Minimum' | 'Maximum' | 'p50' | 'p99';

/** One series of CloudWatch. */
export interface Series {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: Statistic;
  /** On the dashboard; otherwise CloudWatch names it. */
  readonly label?: string;
}

/** Worked out of series, in CloudWatch's metric math. */
export interface Formula {
  readonly formula: string;
  readonly of: Readonly<Record<string, Series>>;
  readonly label?: string;
}

export type Figure = Series | Formula;

type Own = Pick<Watching, 'namespace'>;

/** What a function counts of a stage, or where a level stands: by what it is of, where it has parts. */
export const ofStage = (
  { namespace }: Own,
  stage: string,
  name: string,
  statistic: Statistic,
  of?: string,
): Series => ({
  namespace,
  name,
  dimensions: of === undefined ? { stage } : { stage, of },
  statistic,
});

/** Seconds from a webhook's receipt. */
export const latency = (
  { namespace }: Own,
  name: 'receipt_to_change' | 'receipt_to_delivery',
  statistic: Statistic,
): Series => ({ namespace, name, dimensions: {}, statistic });

/** A line of a log that counts: the filter that makes it has no dimensions. */
export const failedSteps = ({ namespace }: Own): Series => ({
  namespace,
  name: 'failed-steps',
  dimensions: {},
  statistic: 'Sum',
});

export const ofFunction = ({ name }: Pick<WatchedFunction, 'name'>, metric: string, statistic: Statistic): Series => ({
  namespace: 'AWS/Lambda',
  name: metric,
  dimensions: { FunctionName: name },
  statistic,
});

export const ofMapping = (mappingId: string, metric: string, statistic: Statistic): Series => ({
  namespace: 'AWS/Lambda',
  name: metric,
  dimensions: { EventSourceMappingUUID: mappingId },
  statistic,
});

/** The same figure of a webhook's request, whichever way it comes in. */
const entryMetrics = {
  requests: { 'http-api': 'Count', 'function-url': 'UrlRequestCount' },
  refused: { 'http-api': '4xx', 'function-url': 'Url4xxCount' },
  failed: { 'http-api': '5xx', 'function-url': 'Url5xxCount' },
  /** Milliseconds. */
  latency: { 'http-api': 'Latency', 'function-url': 'UrlRequestLatency' },
} as const;

export const ofEntry = (
  { entry, functions }: Pick<Watched, 'entry' | 'functions'>,
  metric: keyof typeof entryMetrics,
  statistic: Statistic,
): Series => {
  const name = entryMetrics[metric][entry.kind];
  if (entry.kind === 'function-url') return ofFunction(functions['receive-webhook'], name, statistic);
  return { namespace: 'AWS/ApiGateway', name, dimensions: { ApiId: entry.apiId }, statistic };
};

/** `more`: one of its indexes, or one kind of request. */
export const ofTable = (tableName: string, name: string, more: Readonly<Record<string, string>> = {}): Series => ({
  namespace: 'AWS/DynamoDB',
  name,
  dimensions: { TableName: tableName, ...more },
  statistic: 'Sum',
});

export const ofCluster = (
  cluster: Pick<WatchedCluster, 'name'>,
  name: string,
  statistic: Statistic,
  more: Readonly<Record<string, string>> = {},
): Series => ({ namespace: 'AWS/Kafka', name, dimensions: { 'Cluster Name': cluster.name, ...more }, statistic });

export const ofClock = (scheduleGroup: string, name: string): Series => ({
  namespace: 'AWS/Scheduler',
  name,
  dimensions: { ScheduleGroup: scheduleGroup },
  statistic: 'Sum',
});

export const ofNat = (natGatewayId: string, name: string): Series => ({
  namespace: 'AWS/NATGateway',
  name,
  dimensions: { NatGatewayId: natGatewayId },
  statistic: 'Sum',
});

/** All of them together. A series without figures counts nothing. */
export const sumOf = (series: readonly Series[], label?: string): Formula => {
  const named = series.map((each, at) => [`m${at}`, each] as const);
  const formula = `SUM([${named.map(([id]) => id).join(', ')}])`;
  return { formula, of: Object.fromEntries(named), ...(label === undefined ? {} : { label }) };
};

/**
 * Above 0 where something waits and nothing was done. The sum passes over what has no figures: nothing done is a series
 * without any.
 */
export const waitsInVain = (waiting: Series, done: Series): Formula => ({
  formula: 'SUM([IF(waiting > 0, 1, 0), -1 * done])',
  of: { waiting, done },
});

export const labelled = <T extends Figure>(figure: T, label: string): T => ({ ...figure, label });

/** Functions that a topic feeds, with their mappings. */
export const fedFunctions = ({
  functions,
}: Pick<Watched, 'functions'>): readonly { readonly name: FunctionName; readonly mappingId: string }[] =>
  (Object.keys(functions) as FunctionName[]).flatMap((name) => {
    const { mappingId } = functions[name];
    return mappingId === undefined ? [] : [{ name, mappingId }];
  });
