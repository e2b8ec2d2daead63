import { type Group, groups, type Topic, topics } from './topics.ts';

/** What a function does to items of the table, in DynamoDB's words. An item of a transaction needs the action of its kind. */
export type TableAction =
  | 'BatchGetItem'
  | 'BatchWriteItem'
  | 'ConditionCheckItem'
  | 'DeleteItem'
  | 'PutItem'
  | 'Query'
  | 'Scan'
  | 'UpdateItem';

/** What a workspace's secrets are for. Each purpose is kept apart, so that a function can read its own alone. */
export type SecretPurpose = 'entrances' | 'crm' | 'channels' | 'stream';

export type CalledBy =
  | { readonly kind: 'http' }
  /** Records of a topic, in batches. */
  | { readonly kind: 'topic'; readonly topic: Topic; readonly group: Group }
  | { readonly kind: 'clock'; readonly everyMinutes: number };

export interface FunctionDefinition {
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly calledBy: CalledBy;
  /** Topics whose broker it talks to. What another one wants on a topic waits in the table, and the clock takes it there. */
  readonly appends: readonly Topic[];
  /** Groups that it asks the brokers about: how far they have read. */
  readonly watches: readonly Group[];
  /** It calls what is not ours: CRMs, channels. */
  readonly callsOut: boolean;
  /** Beside the stream's, which everybody reads who talks to a broker. */
  readonly secrets: readonly Exclude<SecretPurpose, 'stream'>[];
  readonly table: readonly TableAction[];
}

/** Reads items and claims some; writes states and what is stored beside them. */
const readAndWrite = [
  'BatchGetItem',
  'BatchWriteItem',
  'PutItem',
  'Query',
  'UpdateItem',
] as const satisfies readonly TableAction[];

/**
 * Every function, in the order in which data flows: a folder of `functions/` with a `handler.ts` that exports `handler`. This is
 * the one list: bundles, grants, mappings, alarms and the bill follow from it. `functions/tell-alarms` is none of the pipeline: it is told of
 * what is wrong with these, and stands where the alarms of AWS are made.
 */
export const functions = {
  'receive-webhook': {
    timeoutSeconds: 10,
    memoryMb: 512,
    calledBy: { kind: 'http' },
    appends: [topics.webhooks],
    watches: [],
    callsOut: false,
    secrets: ['entrances'],
    // the spill
    table: ['PutItem'],
  },
  'resolve-records': {
    timeoutSeconds: 60,
    memoryMb: 512,
    calledBy: { kind: 'topic', topic: topics.webhooks, group: groups.resolveRecords },
    appends: [topics.events, topics.dead],
    watches: [],
    callsOut: true,
    secrets: ['crm'],
    // parts of what was published go one by one
    table: [...readAndWrite, 'DeleteItem'],
  },
  'grade-customers': {
    timeoutSeconds: 60,
    memoryMb: 512,
    calledBy: { kind: 'topic', topic: topics.events, group: groups.gradeCustomers },
    appends: [topics.changes, topics.cohorts, topics.events, topics.dead],
    watches: [],
    callsOut: false,
    secrets: [],
    table: readAndWrite,
  },
  'rank-cohorts': {
    timeoutSeconds: 60,
    memoryMb: 512,
    calledBy: { kind: 'topic', topic: topics.cohorts, group: groups.rankCohorts },
    appends: [topics.events, topics.dead],
    watches: [],
    callsOut: false,
    secrets: [],
    table: readAndWrite,
  },
  'act-on-changes': {
    timeoutSeconds: 90,
    memoryMb: 512,
    calledBy: { kind: 'topic', topic: topics.changes, group: groups.actOnChanges },
    appends: [],
    watches: [],
    callsOut: true,
    secrets: ['channels', 'crm'],
    // a digest takes the place of alerts, on condition of what they are
    table: [...readAndWrite, 'ConditionCheckItem', 'DeleteItem'],
  },
  'keep-time': {
    timeoutSeconds: 120,
    memoryMb: 512,
    calledBy: { kind: 'clock', everyMinutes: 1 },
    appends: Object.values(topics),
    watches: Object.values(groups),
    callsOut: true,
    secrets: ['crm', 'channels'],
    // all of it, and a walk over every customer while models are published
    table: [...readAndWrite, 'ConditionCheckItem', 'DeleteItem', 'Scan'],
  },
} as const satisfies Readonly<Record<string, FunctionDefinition>>;

export type FunctionName = keyof typeof functions;

export const functionNames: readonly FunctionName[] = Object.keys(functions) as FunctionName[];
