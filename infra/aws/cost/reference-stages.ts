import { Stage } from '../config/stage.ts';

/** Ways to run it on AWS, from which the tables compare. */
export const referenceNames = ['kafka-public', 'kafka-public-plain', 'msk-new', 'msk-serverless'] as const;
export type ReferenceName = (typeof referenceNames)[number];

const base = { apiVersion: 'regrade/v1', kind: 'Stage', workspace: 'regrade.yaml' };

const kafka = {
  kind: 'kafka',
  brokers: ['kafka.example.com:9094'],
  reach: 'public',
  signIn: { by: 'plain', secret: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:kafka-AbCdEf' },
};

const streams = {
  'kafka-public': { stream: kafka },
  'kafka-public-plain': { stream: kafka, mappings: { mode: 'plain' } },
  'msk-new': { stream: { kind: 'msk-provisioned' } },
  'msk-serverless': { stream: { kind: 'msk-serverless' } },
} as const;

/** Three zones, so that three replicas have a broker each; a way out, for CRMs and channels. */
const networkIn = (region: string) => ({
  kind: 'new',
  zones: ['a', 'b', 'c'].map((zone) => `${region}${zone}`),
  wayOut: { kind: 'nat' },
});

/** A stage with everything as it is unless one says otherwise, and the smallest brokers. */
export const referenceStage = (name: ReferenceName, region: string): Stage => {
  const choices = streams[name];
  const network = choices.stream.kind === 'kafka' ? { kind: 'none' } : networkIn(region);
  return Stage.parse({ ...base, region, network, ...choices });
};
