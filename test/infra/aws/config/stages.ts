import { Stage } from '#infra/aws/config/stage.ts';

type Written = Readonly<Record<string, unknown>>;

const common = { apiVersion: 'regrade/v1', kind: 'Stage', workspace: 'regrade.yaml', region: 'us-east-1' };
const told = { alarms: { email: 'operations@example.com' } };

const secretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:kafka-AbC123';
const clusterArn = 'arn:aws:kafka:us-east-1:111122223333:cluster/shared/0d7c1e4a-8f3b-4a52-9d1f-6b2e7c9a1f33-4';

export const existing = {
  kind: 'existing',
  vpcId: 'vpc-0a',
  zones: ['us-east-1a', 'us-east-1b'],
  privateSubnetIds: ['subnet-0a', 'subnet-0b'],
  outSubnetIds: ['subnet-0c', 'subnet-0d'],
};

const threeZones = ['us-east-1a', 'us-east-1b', 'us-east-1c'];

export const publicKafka = {
  kind: 'kafka',
  reach: 'public',
  brokers: ['kafka.example.com:9092'],
  signIn: { by: 'plain', secret: secretArn },
};

export const msk = {
  kind: 'msk',
  clusterArn,
  brokers: ['b-1.example.com:9098', 'b-2.example.com:9098', 'b-3.example.com:9098'],
  securityGroupId: 'sg-0a',
  signIn: { by: 'iam' },
};

export const express = { kind: 'msk-provisioned', type: 'express', version: '3.9.x' };
export const large = { kind: 'msk-provisioned', instance: 'kafka.m7g.large' };

/** One sound stage for each kind of stream, without a refusal and without a warning. */
export const sound = {
  public: { ...common, ...told, stream: publicKafka, network: { kind: 'none' } },
  private: { ...common, ...told, stream: { ...publicKafka, reach: 'private' }, network: existing },
  msk: { ...common, ...told, stream: msk, network: existing },
  new: { ...common, ...told, stream: large, network: { kind: 'new', zones: threeZones, wayOut: { kind: 'nat' } } },
  serverless: {
    ...common,
    ...told,
    stream: { kind: 'msk-serverless' },
    network: { kind: 'new', wayOut: { kind: 'nat' } },
  },
} as const satisfies Readonly<Record<string, Written>>;

export type Sound = keyof typeof sound;

/** A sound stage with some of its keys written otherwise. */
export const stageOf = (base: Sound, changes: Written = {}): Stage => Stage.parse({ ...sound[base], ...changes });
