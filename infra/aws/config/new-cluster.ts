import type { Stage } from './stage.ts';
import type { Stream } from './stream.ts';
import { zoneCount } from './zones.ts';

export type NewCluster = Extract<Stream, { kind: 'msk-provisioned' }>;

/** The broker type, by AWS's name. */
export const instanceOf = ({ type, instance }: Pick<NewCluster, 'type' | 'instance'>): string =>
  instance ?? (type === 'express' ? 'express.m7g.large' : 'kafka.t3.small');

/** How many brokers stand in all zones together. */
export const brokersOf = (stage: Pick<Stage, 'network'>, { brokersPerZone }: NewCluster): number =>
  zoneCount(stage) * brokersPerZone;
