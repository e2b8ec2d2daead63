import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectionCeiling, intakeConcurrency } from '#infra/aws/config/intake-concurrency.ts';
import { msk, publicKafka, sound, stageOf } from './stages.ts';

const provisioned = (instance: string, brokersPerZone: number) =>
  stageOf('new', { stream: { kind: 'msk-provisioned', instance, brokersPerZone } });

describe('connectionCeiling', () => {
  it.each([
    // 4 a second for ten seconds, 4/3 connections at each of three brokers
    ['three of the smallest brokers', provisioned('kafka.t3.small', 1), 30],
    // a quarter of 3,000, again 4/3 of them each, or 7/6 where there are six
    ['three large ones', provisioned('kafka.m7g.large', 1), 562],
    ['six large ones', provisioned('kafka.m7g.large', 2), 642],
    // a quarter of 3,000 in all, four connections each
    ['MSK Serverless', stageOf('serverless'), 187],
    ['a cluster that is there', stageOf('msk'), 562],
    ['a serverless one that is there', stageOf('msk', { stream: { ...msk, serverless: true } }), 187],
    ['any Kafka', stageOf('public'), undefined],
    [
      'a cluster by passwords',
      stageOf('msk', { stream: { ...msk, signIn: { by: 'scram-sha-512', secret: publicKafka.signIn.secret } } }),
      undefined,
    ],
  ])('is what the connections of %s allow', (_what, stage, ceiling) => {
    expect(connectionCeiling(stage)).toBe(ceiling);
  });

  it('never opens more connections at a broker than it takes, nor faster than it lets them in', () => {
    const instances = fc.constantFrom('kafka.t3.small', 'kafka.m7g.large');
    fc.assert(
      fc.property(instances, fc.integer({ min: 1, max: 15 }), (instance, brokersPerZone) => {
        const brokers = 3 * brokersPerZone;
        const environments = connectionCeiling(provisioned(instance, brokersPerZone))!;
        const atEach = environments * (1 + 1 / brokers);
        expect(environments).toBeGreaterThanOrEqual(1);
        expect(atEach).toBeLessThanOrEqual(3_000 / 4);
        expect(atEach).toBeLessThanOrEqual((instance === 'kafka.t3.small' ? 4 : 100) * 10);
      }),
    );
  });
});

describe('intakeConcurrency', () => {
  it('takes no more of the account than it is likely to need', () => {
    expect(intakeConcurrency(stageOf('new'))).toBe(100);
    expect(intakeConcurrency(stageOf('public'))).toBe(100);
  });

  it('is less where the brokers let in less', () => {
    expect(intakeConcurrency(provisioned('kafka.t3.small', 1))).toBe(30);
  });

  it('is what the stage says, if it says so', () => {
    const functions = { 'receive-webhook': { concurrency: 7 } };
    expect(intakeConcurrency(stageOf('public', { functions }))).toBe(7);
    expect(intakeConcurrency(stageOf('new', { functions: { 'receive-webhook': { concurrency: 900 } } }))).toBe(900);
  });

  it('counts two brokers where a new network names no zones', () => {
    const network = { ...sound.new.network, zones: undefined };
    expect(intakeConcurrency(stageOf('new', { stream: { kind: 'msk-provisioned' }, network }))).toBe(26);
  });
});
