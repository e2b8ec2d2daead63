import { describe, expect, it } from 'vitest';
import { warningsOf } from '#infra/aws/config/warnings.ts';
import { pathText } from '#infra/node/workspace/problem.ts';
import { existing, msk, publicKafka, type Sound, sound, stageOf } from './stages.ts';

interface Case {
  readonly what: string;
  readonly base: Sound;
  readonly changes: Readonly<Record<string, unknown>>;
  readonly at: string;
  readonly says: RegExp;
}

const cases: readonly Case[] = [
  {
    what: 'plain mode',
    base: 'public',
    changes: { mappings: { mode: 'plain' } },
    at: 'mappings.mode',
    says: /until its records expire.*about \$135 a month/,
  },
  {
    what: 'the slow sign-in of the smallest brokers',
    base: 'new',
    changes: { stream: { kind: 'msk-provisioned' } },
    at: 'stream.instance',
    says: /4 connections a second.*kafka\.m7g\.large.*about \$149 a month/,
  },
  {
    what: 'two replicas',
    base: 'public',
    changes: { stream: { ...publicKafka, topics: { replicas: 2 } } },
    at: 'stream.topics.replicas',
    says: /one broker alone/,
  },
  {
    what: 'more intake than the brokers let in',
    base: 'msk',
    changes: { functions: { 'receive-webhook': { concurrency: 563 } } },
    at: 'functions.receive-webhook.concurrency',
    says: /about 562 at once/,
  },
  {
    what: 'a table that may be deleted',
    base: 'public',
    changes: { table: { deletionProtection: false } },
    at: 'table.deletionProtection',
    says: /one wrong command/,
  },
  {
    what: 'a table without a past',
    base: 'public',
    changes: { table: { pointInTimeRecovery: false } },
    at: 'table.pointInTimeRecovery',
    says: /by mistake is gone/,
  },
  { what: 'alarms for nobody', base: 'public', changes: { alarms: {} }, at: 'alarms', says: /nobody is told/ },
  {
    what: 'a network in which nothing stands',
    base: 'public',
    changes: { network: sound.new.network },
    at: 'network.kind',
    says: /no function stands in this network/,
  },
  {
    what: 'pollers in a region where mappings share none',
    base: 'public',
    changes: { region: 'il-central-1' },
    at: 'mappings.mode',
    says: /comes again whole, and the 4 functions.*not verified for il-central-1.*mode: plain/,
  },
];

describe('warningsOf', () => {
  it.each(Object.keys(sound) as Sound[])('has nothing to say about a sound stage (%s)', (base) => {
    expect(warningsOf(stageOf(base))).toEqual([]);
  });

  it.each(cases)('warns of $what', ({ base, changes, at, says }) => {
    const warnings = warningsOf(stageOf(base, changes));
    expect(warnings.map(({ path }) => pathText(path))).toEqual([at]);
    expect(`${warnings[0]!.message}; ${warnings[0]!.cure}`).toMatch(says);
  });

  it.each([
    ['msk', /see that those subnets have a NAT gateway or an endpoint/],
    ['new', /endpoint of each is made in each zone \(each about \$7 a month/],
  ] as const)('says what plain mode takes from the network of private brokers (%s)', (base, says) => {
    const warnings = warningsOf(stageOf(base, { mappings: { mode: 'plain' } }));
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('comes again'),
      expect.stringContaining('subnets of the brokers'),
    ]);
    expect(`${warnings[1]!.message}; ${warnings[1]!.cure}`).toMatch(says);
  });

  it('has nothing against a network from which every call leaves by a fixed address', () => {
    expect(warningsOf(stageOf('public', { network: { kind: 'new', wayOut: { kind: 'fixed-ip' } } }))).toEqual([]);
    expect(warningsOf(stageOf('public', { network: { ...existing, fixedIp: true } }))).toEqual([]);
  });

  it('warns of an entry in China, which needs a licence, whatever else is chosen', () => {
    const inChina = warningsOf(stageOf('public', { region: 'cn-north-1' }));
    expect(inChina.map(({ path }) => pathText(path))).toEqual(['mappings.mode', 'region']);
    expect(inChina[1]!.message).toContain('ICP');
    expect(inChina[0]!.cure).toContain('CNY');
  });

  it('takes a concurrency that the brokers let in', () => {
    expect(warningsOf(stageOf('msk', { functions: { 'receive-webhook': { concurrency: 562 } } }))).toEqual([]);
    const scram = { ...msk, signIn: { by: 'scram-sha-512', secret: publicKafka.signIn.secret } };
    expect(
      warningsOf(stageOf('msk', { stream: scram, functions: { 'receive-webhook': { concurrency: 1_000 } } })),
    ).toEqual([]);
  });
});
