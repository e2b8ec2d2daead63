import type { Calls } from '#infra/aws/config/placement.ts';
import { existing, publicKafka, type Sound, sound } from './stages.ts';

/** A change to a sound stage after which it cannot be deployed. */
export interface RefusalCase {
  readonly what: string;
  readonly base: Sound;
  readonly changes: Readonly<Record<string, unknown>>;
  /** The key at which it is told. */
  readonly at: string;
  readonly says: RegExp;
  readonly cure: RegExp;
  readonly calls?: Calls;
}

export const everybody: Calls = { crm: true, channels: true };
export const nobody: Calls = { crm: false, channels: false };

export const newNetwork = (more: object) => ({ network: { ...sound.new.network, ...more } });
export const oldNetwork = (more: object) => ({ network: { ...existing, ...more } });

const { outSubnetIds: _out, ...rest } = existing;
export const withoutWayOut = rest;

export const secretIn = (region: string, partition = 'aws'): string =>
  `arn:${partition}:secretsmanager:${region}:111122223333:secret:kafka-AbC123`;

export const kafkaOf = (region: string, partition = 'aws'): object => ({
  ...publicKafka,
  signIn: { by: 'plain', secret: secretIn(region, partition) },
});
