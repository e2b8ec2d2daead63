import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Stage } from '#infra/aws/config/stage.ts';
import { defaultAssumptions } from '#infra/aws/cost/assumptions.ts';
import { type Bill, type BillRequest, billOf } from '#infra/aws/cost/bill-of.ts';
import type { LineKind } from '#infra/aws/cost/line.ts';
import { priceItems } from '#infra/aws/cost/price-list.ts';
import { type ReferenceName, referenceNames, referenceStage } from '#infra/aws/cost/reference-stages.ts';

const region = 'us-east-1';
const calls = { crm: true, channels: true };
const million = { webhooksPerMonth: 1e6, customers: 100_000, calls };

const billFor = (name: ReferenceName, more: Partial<BillRequest> = {}): Bill =>
  billOf({ ...million, stage: referenceStage(name, region), ...more });

const lineIn = ({ lines }: Bill, kind: LineKind, of?: string) =>
  lines.find((line) => line.kind === kind && (of === undefined || line.of === of));
const usdIn = (bill: Bill, kind: LineKind, of?: string): number => lineIn(bill, kind, of)?.usd ?? 0;
const has = (bill: Bill, kind: LineKind): boolean => lineIn(bill, kind) !== undefined;

const changed = (name: ReferenceName, change: object): Stage =>
  Stage.parse({ ...referenceStage(name, region), ...change });

const existing = {
  kind: 'existing',
  vpcId: 'vpc-0a1b2c',
  zones: ['us-east-1a', 'us-east-1b'],
  privateSubnetIds: ['subnet-0a1', 'subnet-0b1'],
  outSubnetIds: ['subnet-0a2', 'subnet-0b2'],
};

const anyName = fc.constantFrom(...referenceNames);
const anyCount = fc.integer({ min: 0, max: 2e8 });

/** Figures of `small` that are larger in `large`. */
const cheaperIn = (large: Bill, small: Bill): readonly string[] =>
  [...small.lines.map(({ kind, of, usd = 0 }) => ({ kind, of, usd }))]
    .filter(({ kind, of, usd }) => usd > usdIn(large, kind, of) + 1e-9)
    .map(({ kind }) => kind);

describe('a bill', () => {
  it('names an item of the price list on every line, and each line once', () => {
    for (const name of referenceNames) {
      const { lines } = billFor(name);
      expect(lines.filter(({ item }) => !priceItems.includes(item))).toEqual([]);
      expect(new Set(lines.map(({ kind, of }) => `${kind} ${of ?? ''}`)).size).toBe(lines.length);
    }
  });

  it('adds up its lines', () => {
    fc.assert(
      fc.property(anyName, anyCount, (name, webhooksPerMonth) => {
        const bill = billFor(name, { webhooksPerMonth });
        expect(bill.usd).toBeCloseTo(
          bill.lines.reduce((sum, { usd = 0 }) => sum + usd, 0),
          6,
        );
        expect(bill.idleUsd).toBeCloseTo(
          bill.lines.reduce((sum, { idleUsd = 0 }) => sum + idleUsd, 0),
          6,
        );
      }),
      { numRuns: 30 },
    );
  });

  it('never gets cheaper on any line with more webhooks or more customers', () => {
    fc.assert(
      fc.property(anyName, fc.tuple(anyCount, anyCount), fc.tuple(anyCount, anyCount), (name, webhooks, customers) => {
        const [few, many] = webhooks.toSorted((a, b) => a - b);
        const [small, large] = customers.toSorted((a, b) => a - b);
        const one = billFor(name, { webhooksPerMonth: few ?? 0, customers: small ?? 0 });
        const other = billFor(name, { webhooksPerMonth: many ?? 0, customers: large ?? 0 });
        expect(cheaperIn(other, one)).toEqual([]);
      }),
    );
  });

  it('is at least what it is in a month in which nothing happens', () => {
    fc.assert(
      fc.property(anyName, anyCount, (name, webhooksPerMonth) => {
        const idle = billFor(name, { webhooksPerMonth: 0 });
        const bill = billFor(name, { webhooksPerMonth });
        expect(bill.idleUsd).toBeCloseTo(idle.usd ?? 0, 9);
        expect(bill.lines.filter(({ usd = 0, idleUsd = 0 }) => idleUsd > usd + 1e-9)).toEqual([]);
      }),
    );
  });

  // Worked by hand: 1 M webhooks of 2 KB, 30 ms each to receive; grading in batches of 20 that take 200 ms, both with 512 MB.
  it('comes to the figures that were worked by hand', () => {
    const bill = billFor('msk-serverless', { assumptions: { webhookKb: 2, recordsPerCall: 20, rankedShare: 0 } });
    const worked: readonly (readonly [LineKind, string | undefined, number])[] = [
      ['entry', undefined, 1],
      ['function', 'receive-webhook', 0.2],
      ['function', 'grade-customers', 0.067],
      ['logs', undefined, 1],
      // 200,000 requests and more beside the million of the entry
      ['function-requests', undefined, 0.23],
    ];
    for (const [kind, of, usd] of worked) {
      expect(usdIn(bill, kind, of) / usd).toBeGreaterThan(0.9);
      expect(usdIn(bill, kind, of) / usd).toBeLessThan(1.1);
    }
    // about $0.40 there, for one topic less and other sizes: within a half
    const kafka = usdIn(bill, 'topics-in') + usdIn(bill, 'topics-out');
    expect(kafka).toBeGreaterThan(0.2);
    expect(kafka).toBeLessThan(0.8);
    const { idleUsd } = lineIn(bill, 'partitions') ?? {};
    // 18 partitions make 19.71; five topics of twelve are 60
    expect(idleUsd).toBeCloseTo((19.71 * 60) / 18, 2);
  });

  it('counts the table’s units as they were measured', () => {
    const assumptions = {
      ...defaultAssumptions,
      recordsPerCall: 100,
      changesShare: 0,
      readBackShare: 0,
      rankedShare: 0,
    };
    const writes = (more: object): number =>
      lineIn(billFor('kafka-public', { assumptions: { ...assumptions, ...more } }), 'table-writes')?.quantity ?? 0;
    // per webhook: record 4, state 2.2, accounts of a batch of 100
    expect(writes({})).toBeCloseTo(6.21, 9);
    // 3.05 as the README has it for batches of 500; displaced customers on top
    expect(writes({ rankedShare: 1 }) - writes({})).toBeCloseTo(3.02 + 0.05 * 2.2, 9);
    expect(writes({ readBackShare: 1 }) - writes({})).toBeCloseTo(5.02, 9);
    expect(writes({ changesShare: 1 }) - writes({})).toBeCloseTo(4 + 2 + 30, 9);
  });

  it.each([
    ['kafka-public', ['pollers'], ['brokers', 'cluster', 'nat', 'endpoint', 'cross-zone']],
    ['kafka-public-plain', [], ['pollers', 'nat', 'endpoint']],
    [
      'msk-new',
      ['brokers', 'broker-storage', 'cross-zone', 'nat', 'nat-traffic', 'endpoint'],
      ['cluster', 'partitions'],
    ],
    ['msk-serverless', ['cluster', 'partitions', 'topics-kept', 'nat', 'endpoint'], ['brokers', 'broker-storage']],
  ] as const)('of %s has %j and not %j', (name, there, absent) => {
    const bill = billFor(name);
    expect(there.filter((kind) => !has(bill, kind))).toEqual([]);
    expect(absent.filter((kind) => has(bill, kind))).toEqual([]);
  });

  it('prices the brokers that a stage names, and says where it cannot', () => {
    const of = (stream: object) => billOf({ ...million, stage: changed('msk-new', { stream }) });
    const large = of({ kind: 'msk-provisioned', instance: 'kafka.m7g.large' });
    expect(lineIn(large, 'brokers')).toMatchObject({ of: 'kafka.m7g.large', doubt: undefined });
    expect(usdIn(large, 'brokers')).toBeCloseTo(446.76, 2);
    const express = of({ kind: 'msk-provisioned', type: 'express' });
    expect(usdIn(express, 'brokers')).toBeCloseTo(893.52, 2);
    expect(lineIn(express, 'topics-kept')?.doubt).toBe('unpriced');
    expect(has(express, 'broker-storage')).toBe(false);
    const huge = of({ kind: 'msk-provisioned', instance: 'kafka.m7g.16xlarge' });
    expect(lineIn(huge, 'brokers')).toMatchObject({ usd: undefined, doubt: 'unpriced' });
    expect(Number.isFinite(huge.usd)).toBe(true);
  });

  it('charges for what a stage makes in a network, not for what is there', () => {
    const inExisting = billOf({ ...million, stage: changed('msk-new', { network: existing }) });
    expect([has(inExisting, 'nat'), has(inExisting, 'nat-traffic')]).toEqual([false, true]);
    expect(lineIn(inExisting, 'endpoint')?.quantity).toBe(2 * 730);
    const withEndpoint = changed('msk-new', { network: { ...existing, secretsEndpoint: false } });
    expect(has(billOf({ ...million, stage: withEndpoint }), 'endpoint')).toBe(false);
    const quiet = billOf({
      ...million,
      stage: referenceStage('msk-new', region),
      calls: { crm: false, channels: false },
    });
    expect([has(quiet, 'nat'), has(quiet, 'nat-traffic'), has(quiet, 'endpoint')]).toEqual([false, false, true]);
    const fixed = { kind: 'new', wayOut: { kind: 'fixed-ip', gateways: 2 } };
    const fromOne = billOf({ ...million, stage: changed('msk-new', { network: fixed }) });
    expect(lineIn(fromOne, 'nat')?.quantity).toBe(2 * 730);
    // deliveries go through it as well
    expect(usdIn(fromOne, 'nat-traffic')).toBeGreaterThan(usdIn(billFor('msk-new'), 'nat-traffic'));
  });

  it('follows the other choices of a stage', () => {
    const of = (change: object): Bill => billOf({ ...million, stage: changed('kafka-public', change) });
    const usual = of({});
    expect(usdIn(of({ entry: { kind: 'function-url' } }), 'entry')).toBe(0);
    expect(usdIn(of({ architecture: 'x86_64' }), 'function', 'keep-time')).toBeCloseTo(21_900 * 0.0000166667, 9);
    const memory = { functions: { 'receive-webhook': { memoryMb: 1_024 } } };
    expect(usdIn(of(memory), 'function', 'receive-webhook')).toBeCloseTo(
      2 * usdIn(usual, 'function', 'receive-webhook'),
      9,
    );
    expect(has(of({ table: { pointInTimeRecovery: false } }), 'table-recovery')).toBe(false);
    expect([has(usual, 'key'), has(of({ customerKey: true }), 'key')]).toEqual([false, true]);
    expect([has(usual, 'traces'), has(of({ tracing: true }), 'traces')]).toEqual([false, true]);
    expect(usdIn(of({ retention: { logDays: 90 } }), 'logs-kept')).toBeCloseTo(3 * usdIn(usual, 'logs-kept'), 9);
    const many = { mappings: { mode: 'provisioned', pollers: { least: 3, most: 10 } } };
    // four mappings of three pollers are twelve: two units
    expect(usdIn(of(many), 'pollers')).toBeCloseTo(2 * 135.05, 2);
    // where they cannot share, each has a unit of its own
    expect(lineIn(of({ region: 'il-central-1' }), 'pollers')?.quantity).toBe(4 * 730);
  });

  it('charges for the ways of pollers that are not our own', () => {
    const endpoints = (mode: string) =>
      lineIn(billOf({ ...million, stage: changed('msk-new', { mappings: { mode } }) }), 'endpoint')?.quantity ?? 0;
    expect(endpoints('plain')).toBe(3 * endpoints('provisioned'));
  });

  it('marks what was read for another region, and has no figures where it is billed in CNY', () => {
    const doubts = (of: string) => new Set(billFor('kafka-public', { region: of }).lines.map(({ doubt }) => doubt));
    expect(doubts('us-east-1')).toEqual(new Set([undefined, 'unread', 'unpriced']));
    expect(doubts('eu-central-1')).toEqual(new Set(['other-region', 'unpriced']));
    expect(doubts('cn-north-1')).toEqual(new Set(['currency']));
    const { usd, idleUsd, lines } = billFor('kafka-public', { region: 'cn-north-1' });
    expect({ usd, idleUsd }).toEqual({ usd: undefined, idleUsd: undefined });
    expect(lineIn({ lines } as Bill, 'pollers')).toMatchObject({ quantity: 730, per: 'hour' });
  });
});
