import { type FunctionName, functionNames, functions } from '../../../shared/definitions/functions.ts';
import { functionNameOf } from '../compute/compute-settings.ts';
import { metricsNamespaceOf } from '../compute/function-environment.ts';
import { brokersOf, instanceOf } from '../config/new-cluster.ts';
import type { Stage } from '../config/stage.ts';
import type { Holdings, OfStage } from '../parts.ts';
import { alarmTellerNameOf } from './alarm-teller.ts';
import type { Watched, WatchedBrokers, WatchedEntry, WatchedFunction, Watching } from './watched.ts';

/** What the compute stack shows of itself. */
export interface Running {
  readonly functions: Readonly<
    Record<
      FunctionName,
      { readonly logGroup: { readonly logGroupName: string }; readonly concurrency: number | undefined }
    >
  >;
  readonly mappings: ReadonlyMap<FunctionName, { readonly attrId: string }>;
  readonly entry: { readonly api: { readonly apiId: string } | undefined };
  readonly clock: { readonly group: string };
}

export interface Deployed extends OfStage {
  readonly running: Running;
  readonly holdings: Pick<Holdings, 'brokers'>;
  readonly natGatewayIds: readonly string[];
}

/** Names of what a stage's stacks made. Names that are known before anything is made bind no stack to another. */
export const watchedOf = ({ stageName, stage, running, holdings, natGatewayIds }: Deployed): Watched => {
  const { cluster } = holdings.brokers;
  return {
    functions: Object.fromEntries(
      functionNames.map((each) => [each, functionOf(each, { stageName, stage, running })] as const),
    ) as Record<FunctionName, WatchedFunction>,
    entry: entryOf(running),
    scheduleGroup: running.clock.group,
    // as the data stack calls it: a reference would leave an output there that goes when this stack goes
    tableName: `regrade-${stageName}`,
    cluster:
      cluster === undefined
        ? undefined
        : { name: cluster.name, serverless: cluster.serverless, brokers: newBrokers(stage) },
    natGatewayIds,
  };
};

const functionOf = (
  each: FunctionName,
  { stageName, stage, running }: Pick<Deployed, 'stageName' | 'stage' | 'running'>,
): WatchedFunction => ({
  name: functionNameOf(stageName, each),
  logGroupName: running.functions[each].logGroup.logGroupName,
  memoryMb: stage.functions[each]?.memoryMb ?? functions[each].memoryMb,
  concurrency: running.functions[each].concurrency,
  mappingId: running.mappings.get(each)?.attrId,
});

const entryOf = ({ entry }: Running): WatchedEntry =>
  entry.api === undefined ? { kind: 'function-url' } : { kind: 'http-api', apiId: entry.api.apiId };

/** Undefined for a cluster that was there before. */
const newBrokers = (stage: Stage): WatchedBrokers | undefined => {
  const { stream } = stage;
  if (stream.kind !== 'msk-provisioned') return undefined;
  return { type: stream.type, count: brokersOf(stage, stream), burstable: instanceOf(stream).startsWith('kafka.t3.') };
};

export const watchingOf = ({ stageName, stage: { alarms, mappings, stream } }: OfStage): Watching => ({
  namespace: metricsNamespaceOf(stageName),
  provisioned: mappings.mode === 'provisioned',
  prefix: stream.prefix,
  lagMinutes: alarms.lagMinutes,
  silentHours: alarms.silentHours,
  teller: alarms.channel === undefined ? undefined : alarmTellerNameOf(stageName),
});
