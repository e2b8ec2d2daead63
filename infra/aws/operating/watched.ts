import type { FunctionName } from '../../../shared/definitions/functions.ts';

export interface WatchedFunction {
  /** As Lambda knows it. */
  readonly name: string;
  readonly logGroupName: string;
  readonly memoryMb: number;
  /** The most that run at once, where that is reserved. */
  readonly concurrency: number | undefined;
  /** Of the event source mapping that feeds it, where one does. Its metrics are those of events and of errors. */
  readonly mappingId: string | undefined;
}

/** Brokers that are made with the stage: others have their own watchers. */
export interface WatchedBrokers {
  readonly type: 'standard' | 'express';
  /** All zones together: they are numbered from 1. */
  readonly count: number;
  /** They work on credit: the t3 types. */
  readonly burstable: boolean;
}

export interface WatchedCluster {
  readonly name: string;
  readonly serverless: boolean;
  readonly brokers: WatchedBrokers | undefined;
}

export type WatchedEntry =
  | { readonly kind: 'http-api'; readonly apiId: string }
  /** Of receive-webhook. */
  | { readonly kind: 'function-url' };

/** What stands deployed, by the names under which CloudWatch knows it. */
export interface Watched {
  readonly functions: Readonly<Record<FunctionName, WatchedFunction>>;
  readonly entry: WatchedEntry;
  /** Of the schedule that calls keep-time. */
  readonly scheduleGroup: string;
  readonly tableName: string;
  /** Undefined where the brokers are no cluster of Amazon MSK, or only their addresses are known. */
  readonly cluster: WatchedCluster | undefined;
  readonly natGatewayIds: readonly string[];
}

/** What a stage chose that decides what is watched. */
export interface Watching {
  /** Of the figures that the functions write themselves. */
  readonly namespace: string;
  /** Pollers of our own: only they tell what became of every event. */
  readonly provisioned: boolean;
  /** Before every topic's and group's name. */
  readonly prefix: string;
  readonly lagMinutes: number;
  readonly silentHours: number | undefined;
  /** The function that tells alarms on a channel, as Lambda knows it; undefined where none does. */
  readonly teller: string | undefined;
}
