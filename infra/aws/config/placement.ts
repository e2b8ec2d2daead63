import { type FunctionDefinition, type FunctionName, functions } from '../../../shared/definitions/functions.ts';
import type { Stage } from './stage.ts';

/**
 * Where a function runs: `outside` every network of ours, with the internet before it; in a `private` subnet, from which it reaches
 * brokers and AWS's own endpoints alone; or in one with a `way-out` through a NAT gateway.
 */
export type Placement = 'outside' | 'private' | 'way-out';

/** Whom a workspace calls. */
export interface Calls {
  /** Some CRM is read back or written to. */
  readonly crm: boolean;
  readonly channels: boolean;
}

type Choices = Pick<Stage, 'stream' | 'network'>;

/** Whether the brokers can be reached from a network of ours only. */
export const arePrivate = ({ stream }: Pick<Stage, 'stream'>): boolean =>
  !(stream.kind === 'kafka' && stream.reach === 'public');

/** Every call to others leaves from addresses that stay. */
export const hasFixedIp = ({ network }: Pick<Stage, 'network'>): boolean =>
  (network.kind === 'new' && network.wayOut.kind === 'fixed-ip') || (network.kind === 'existing' && network.fixedIp);

export const talksToBrokers = (name: FunctionName): boolean => {
  const { appends, watches }: FunctionDefinition = functions[name];
  return appends.length + watches.length > 0;
};

/** Whether a function calls somebody, as this workspace is. */
export const callsOut = (name: FunctionName, calls: Calls): boolean => {
  const definition: FunctionDefinition = functions[name];
  return definition.callsOut && definition.secrets.some((purpose) => purpose !== 'entrances' && calls[purpose]);
};

export const placementOf = (name: FunctionName, choices: Choices, calls: Calls): Placement => {
  const goesOut = callsOut(name, calls);
  if (goesOut && hasFixedIp(choices)) return 'way-out';
  if (!talksToBrokers(name) || !arePrivate(choices)) return 'outside';
  return goesOut ? 'way-out' : 'private';
};
