import { describe, expect, it } from 'vitest';
import type { Calls } from '#infra/aws/config/placement.ts';
import { refusalsOf } from '#infra/aws/config/refusals.ts';
import { pathText } from '#infra/node/workspace/problem.ts';
import { everybody, newNetwork, nobody, withoutWayOut } from './refusal-case.ts';
import { refusedClusters } from './refused-clusters.ts';
import { refusedNetworks } from './refused-networks.ts';
import { refusedPlaces } from './refused-places.ts';
import { existing, large, type Sound, sound, stageOf } from './stages.ts';

describe('refusalsOf', () => {
  it.each(Object.keys(sound) as Sound[])('refuses nothing of a sound stage (%s), whomever it calls', (base) => {
    expect(refusalsOf(stageOf(base), everybody)).toEqual([]);
    expect(refusalsOf(stageOf(base), nobody)).toEqual([]);
  });

  it.each([...refusedNetworks, ...refusedClusters, ...refusedPlaces])(
    'refuses $what ($base)',
    ({ base, changes, at, says, cure, calls }) => {
      const refusals = refusalsOf(stageOf(base, changes), calls ?? everybody);
      const found = refusals.filter(({ path }) => pathText(path) === at);
      expect(found).toHaveLength(1);
      expect(found[0]!.message).toMatch(says);
      expect(found[0]!.cure).toMatch(cure);
    },
  );

  it('takes the word of an operator whose region has got MSK Serverless since', () => {
    const stage = stageOf('serverless', {
      region: 'sa-east-1',
      stream: { kind: 'msk-serverless', regionHasServerless: true },
    });
    expect(refusalsOf(stage, everybody)).toEqual([]);
  });

  it('lets a workspace that calls nobody do without a way out', () => {
    expect(refusalsOf(stageOf('new', newNetwork({ wayOut: { kind: 'none' } })), nobody)).toEqual([]);
    expect(refusalsOf(stageOf('msk', { network: withoutWayOut }), nobody)).toEqual([]);
  });

  it('lets channels alone be called without a way out only where the clock need not go by private brokers', () => {
    const channels: Calls = { crm: false, channels: true };
    const [refused] = refusalsOf(stageOf('new', newNetwork({ wayOut: { kind: 'none' } })), channels);
    expect(refused!.message).toMatch(/^keep-time call/);
    expect(refusalsOf(stageOf('public'), channels)).toEqual([]);
  });

  it('makes a new cluster in a network that is there', () => {
    expect(refusalsOf(stageOf('serverless', { network: existing }), everybody)).toEqual([]);
    const stage = stageOf('new', { stream: { ...large, topics: { replicas: 2 } }, network: existing });
    expect(refusalsOf(stage, everybody)).toEqual([]);
  });
});
