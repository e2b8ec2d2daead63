import { aMonth } from '../a-month.ts';
import { arePrivate } from '../placement.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { Stage } from '../stage.ts';

/** Brokers that the functions could not reach. */
export const reachRefusals = ({ stream, network, region }: Stage): Refusal[] => {
  if (!arePrivate({ stream })) return [];
  const isNew = stream.kind === 'msk-provisioned' || stream.kind === 'msk-serverless';
  const endpoint = `Secrets Manager's endpoint in it is paid for by the zone (each ${aMonth('interface-endpoint-zone', region)})`;
  if (network.kind === 'none')
    return isNew
      ? [
          refusal(
            ['network', 'kind'],
            'a new cluster of MSK stands in a network, and none is to be made',
            `write network: { kind: new }; a network itself is free, ${endpoint}`,
            'network: { kind: existing, … } with two or three private subnets in which the cluster may stand',
          ),
        ]
      : [
          refusal(
            ['network', 'kind'],
            'the brokers can be reached from inside of their network alone, and the functions would stand outside of it',
            `write network: { kind: existing, … } with subnets that reach the brokers; ${endpoint}`,
            'use brokers that can be reached from outside, as kind: kafka with reach: public, which takes no network at all',
          ),
        ];
  if (network.kind === 'new' && !isNew)
    return [
      refusal(
        ['network', 'kind'],
        'a new network does not reach brokers that stand in another one',
        `write network: { kind: existing, … } with subnets of the brokers' own network, or of one that is peered with it; ${endpoint}`,
      ),
    ];
  return [];
};
