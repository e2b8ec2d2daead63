import type { KafkaDynamoDbEngine } from '../../shared/definitions/engine.ts';
import type { LoadedWorkspace } from '../node/workspace/load-workspace.ts';

/** `noted`: good to know, and nothing to cure. */
export type FindingState = 'fine' | 'noted' | 'faulty';

/** What can be found, and of which kind it is. The first part of a name is what was looked at. */
export const findingStates = {
  'node:fine': 'fine',
  'node:old': 'faulty',
  'workspace:fine': 'fine',
  'workspace:faulty': 'faulty',
  'secrets:fine': 'fine',
  'secrets:missing': 'faulty',
  'secrets:unread': 'faulty',
  'credentials:fine': 'fine',
  'credentials:refused': 'faulty',
  'credentials:silent': 'faulty',
  'table:fine': 'fine',
  'table:missing': 'faulty',
  'table:other': 'faulty',
  'clock:fine': 'fine',
  'clock:off': 'faulty',
  'clock:unknown': 'noted',
  'backlog:none': 'fine',
  'backlog:waits': 'noted',
  'backlog:stuck': 'faulty',
  'model:fine': 'fine',
  'model:none': 'noted',
  'model:edited': 'noted',
  'brokers:fine': 'fine',
  'brokers:odd': 'faulty',
  'brokers:silent': 'faulty',
  'sign-in:fine': 'fine',
  'sign-in:refused': 'faulty',
  'sign-in:silent': 'faulty',
  'topics:fine': 'fine',
  'topics:missing': 'faulty',
  'topics:differ': 'noted',
  'topics:unstamped': 'faulty',
  'groups:fine': 'fine',
  'groups:behind': 'noted',
  'file:fine': 'fine',
  'file:missing': 'faulty',
  'lock:held': 'fine',
  'lock:free': 'noted',
  'disk:fine': 'fine',
  'disk:low': 'faulty',
  'integrity:fine': 'fine',
  'integrity:broken': 'faulty',
} as const satisfies Readonly<Record<string, FindingState>>;

export type FindingCode = keyof typeof findingStates;

/** `says` is what the sentence about it tells: a number, a name, somebody's own words. */
export interface Finding {
  readonly code: FindingCode;
  readonly says: readonly string[];
}

/**
 * Looks over everything that a workspace runs on, one thing after the other; what cannot be looked at since something before it is
 * at fault is left out. Writes nothing. `engine` is the Kafka and DynamoDB; absent, it is the embedded engine.
 */
export type CheckUp = (loaded: LoadedWorkspace, engine?: KafkaDynamoDbEngine) => Promise<AsyncIterable<Finding>>;
