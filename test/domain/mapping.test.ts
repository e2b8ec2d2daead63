import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { limits } from '#shared/definitions/limits.ts';
import { RecordMapping } from '#shared/definitions/mapping.ts';
import { Attributes, Fact } from '#shared/domain/fact.ts';
import { ConnectionId, CustomerId } from '#shared/domain/ids.ts';
import { createMapper } from '#shared/domain/mapping.ts';
import { fieldsOfMapping } from '#shared/domain/mapping-fields.ts';
import type { Observed, RecordContent } from '#shared/domain/mapping-outcome.ts';

const connection = ConnectionId.parse('shop');

const mapperOf = (mapping: z.input<typeof RecordMapping>, currency = 'CNY') =>
  createMapper({
    records: { Order: RecordMapping.parse(mapping) },
    connection,
    currency,
    timezone: 'Asia/Shanghai',
  });

const order = { customer: { kind: 'account', id: 'account.id' } } as const;
const paid = { type: 'invoice.paid', at: 'day', amount: 'total' } as const;

const observe = (mapping: Omit<z.input<typeof RecordMapping>, 'customer'>, content: RecordContent): Observed =>
  mapperOf({ ...order, ...mapping }).observe('Order', '7', { account: { id: '42' }, ...content });

const factsOf = (facts: z.input<typeof RecordMapping>['facts'], content: RecordContent) => {
  const observed = observe({ facts }, content);
  return observed.outcome === 'observed' ? observed.facts : observed;
};

describe('createMapper', () => {
  it('says whose record it is, since when, and what it stands for', () => {
    const observed = observe(
      { version: 'changed', attributes: { name: 'account.name' }, facts: [paid] },
      {
        account: { id: 42, name: '华东贸易' },
        changed: '2026-09-26T10:00:00+08:00',
        day: '2026-09-26',
        total: '1234.50',
      },
    );
    expect(observed).toEqual({
      outcome: 'observed',
      customer: 'account:shop:42',
      source: Date.parse('2026-09-26T02:00:00Z'),
      attributes: { name: '华东贸易' },
      facts: [
        {
          type: 'invoice.paid',
          at: Date.parse('2026-09-25T16:00:00Z'),
          amount: { units: 12345, scale: 1, currency: 'CNY' },
        },
      ],
    });
  });

  it('says into whom the CRM merged the customer, and to whom it converted it', () => {
    const observed = (mapping: object, content: RecordContent) => {
      const found = observe(mapping, content);
      return found.outcome === 'observed' ? found.becomes : found;
    };
    const merged = { mergedInto: 'master.id' };
    expect(observed(merged, { master: { id: 43 } })).toEqual({ customer: 'account:shop:43', as: 'merge' });
    for (const master of [null, '', { id: '' }, { id: '42' }]) expect(observed(merged, { master })).toBeUndefined();
    const converted = { convertedTo: { kind: 'contact', id: 'person' } };
    expect(observed(converted, { person: 'p1' })).toEqual({ customer: 'contact:shop:p1', as: 'converted' });
    expect(observed(converted, {})).toBeUndefined();
    expect(observed(merged, { master: { id: 'x'.repeat(300) } })).toMatchObject({ reason: 'bad-customer' });
    expect(RecordMapping.safeParse({ ...order, ...merged, ...converted }).error?.issues[0]?.message).toMatch(
      /not both/,
    );
  });

  it('asks the CRM for the fields that tell of merges', () => {
    const fields = (mapping: object) => fieldsOfMapping(RecordMapping.parse({ ...order, ...mapping }));
    expect(fields({ mergedInto: 'master.id' })).toEqual(['account', 'master']);
    expect(fields({ convertedTo: { kind: 'account', id: 'became.id' } })).toEqual(['account', 'became']);
  });

  it.each(['Invoice', 'constructor', '__proto__'])('rejects an object that is not mapped: %s', (object) => {
    const observed = mapperOf(order).observe(object, '7', {});
    expect(observed).toEqual({ outcome: 'rejected', reason: 'unmapped-object' });
  });

  it('calls a record that its filter leaves out unowned, as of its version', () => {
    const keepIf = { status: ['open', 'won'], '!test': [true] };
    expect(observe({ keepIf }, { status: 'lost' })).toEqual({ outcome: 'unowned', reason: 'filtered' });
    expect(observe({ keepIf, version: 'changed' }, { status: 'won', test: true, changed: 0 })).toEqual({
      outcome: 'unowned',
      reason: 'filtered',
      source: 0,
    });
    expect(observe({ keepIf }, { status: 'won' }).outcome).toBe('observed');
  });

  it('lets a filter ask for what is absent', () => {
    expect(observe({ keepIf: { parent: [''] } }, { parent: null }).outcome).toBe('observed');
    expect(observe({ keepIf: { '!parent': [''] } }, { parent: ' ' }).outcome).toBe('unowned');
  });

  it.each([[{ account: null }], [{ account: { id: '' } }], [{ account: { id: '  ' } }], [{ account: [] }]])(
    'calls a record without a customer unowned: %j',
    (content) => {
      expect(observe({}, content)).toEqual({ outcome: 'unowned', reason: 'no-customer' });
    },
  );

  it.each(['x'.repeat(300), 'half \ud800 of one'])('cannot read a customer id that no CRM gives', (id) => {
    expect(observe({}, { account: { id } })).toMatchObject({
      outcome: 'unreadable',
      reason: 'bad-customer',
      detail: expect.stringMatching(/^Order 7: account\.id /) as string,
    });
  });

  it('leaves the version to arrival where the record has none, and refuses one that is no instant', () => {
    expect(observe({ version: 'changed' }, {})).not.toHaveProperty('source');
    expect(observe({ version: 'changed' }, { changed: 'now' })).toMatchObject({
      outcome: 'unreadable',
      reason: 'bad-version',
    });
  });

  it.each<[z.input<typeof RecordMapping>['attributes'] & object, RecordContent, Attributes]>([
    [{ a: { path: 'x', as: 'number' } }, { x: '120000.00' }, { a: 120000 }],
    [{ a: { path: 'x', as: 'number' } }, { x: '12 employees' }, {}],
    [{ a: { path: 'x', as: 'text' } }, { x: 5 }, { a: '5' }],
    [{ a: { path: 'x', as: 'boolean' } }, { x: 'true' }, { a: true }],
    [{ a: { path: 'x', as: 'boolean' } }, { x: 0 }, { a: false }],
    [{ a: { path: 'x', as: 'boolean' } }, { x: 'perhaps' }, {}],
    [{ a: { path: 'x', as: 'first' } }, { x: ['1000', '1001'] }, { a: '1000' }],
    [{ a: { path: 'x', as: 'first' } }, { x: [] }, {}],
    [{ a: { path: 'x', as: 'instant' } }, { x: '2026-09-26' }, { a: Date.parse('2026-09-25T16:00:00Z') }],
    [{ a: { path: 'x', as: 'date' } }, { x: 1_790_352_000_000 }, { a: '2026-09-26' }],
    [{ a: 'x' }, { x: ['gold', 'north'] }, { a: 'gold, north' }],
    [{ a: 'x' }, { x: { y: 1 } }, {}],
    [{ a: 'x' }, { x: '' }, {}],
    [{ a: 'x' }, { x: ' \n' }, {}],
    [{ a: 'x' }, { x: null }, {}],
    [{ a: 'x.0.y' }, { x: [{ y: false }] }, { a: false }],
    [{ a: { value: 'customer' } }, {}, { a: 'customer' }],
  ])('reads attributes %j of %j as %j', (attributes, content, expected) => {
    expect(observe({ attributes }, content)).toMatchObject({ outcome: 'observed', attributes: expected });
    const observed = observe({ attributes }, content);
    expect(observed.outcome === 'observed' && Object.keys(observed.attributes)).toEqual(Object.keys(expected));
  });

  it('cuts a long text without halving a character', () => {
    const observed = observe({ attributes: { a: 'x' } }, { x: `${'x'.repeat(999)}😀` });
    expect(observed).toMatchObject({ attributes: { a: 'x'.repeat(999) } });
  });

  it('keeps amounts exact, whatever way they are written', () => {
    const amount = (total: string | number) => factsOf([paid], { day: '2026-09-26', total });
    expect(amount('2042.761')).toMatchObject([{ amount: { units: 2042761, scale: 3, currency: 'CNY' } }]);
    expect(amount(0.1)).toMatchObject([{ amount: { units: 1, scale: 1 } }]);
    expect(amount('-5')).toMatchObject([{ amount: { units: -5, scale: 0 } }]);
    expect(amount('1,234')).toMatchObject({ outcome: 'unreadable', reason: 'bad-amount' });
  });

  it('leaves the amount away where the record has none', () => {
    expect(factsOf([paid], { day: '2026-09-26', total: null })).toEqual([
      { type: 'invoice.paid', at: Date.parse('2026-09-25T16:00:00Z') },
    ]);
  });

  it('refuses an amount in another currency and says what to do', () => {
    const facts = [{ ...paid, currency: 'cur' }];
    const refused = factsOf(facts, { day: '2026-09-26', total: 5, cur: 'EUR' });
    expect(refused).toMatchObject({ outcome: 'unreadable', reason: 'currency-without-rate' });
    expect(refused).toMatchObject({
      detail: expect.stringContaining('map a field that holds the amount in CNY') as string,
    });
    expect(factsOf(facts, { day: '2026-09-26', total: 5, cur: ' cny ' })).toHaveLength(1);
    expect(factsOf(facts, { day: '2026-09-26', total: 5 })).toHaveLength(1);
    expect(factsOf(facts, { day: '2026-09-26', total: 5, cur: '€' })).toMatchObject({ reason: 'bad-currency' });
  });

  it('tells amounts by their sign, and takes it off where asked to', () => {
    const facts = [
      { ...paid, sign: 'positive' as const },
      { ...paid, type: 'invoice.refunded', sign: 'negative' as const, absolute: true },
    ];
    const types = (total: number | null) => factsOf(facts, { day: '2026-09-26', total });
    expect(types(0)).toMatchObject([{ type: 'invoice.paid' }]);
    expect(types(-80.5)).toMatchObject([{ type: 'invoice.refunded', amount: { units: 805, scale: 1 } }]);
    expect(types(null)).toEqual([]);
  });

  it('refuses a sign without an amount to look at', () => {
    const facts = [{ type: 'a.b', at: 'day', sign: 'negative' }];
    expect(RecordMapping.safeParse({ ...order, facts }).error?.issues[0]?.path).toEqual(['facts', 0, 'sign']);
  });

  it('needs an instant for a fact that happened, and none for one that did not', () => {
    const facts = [{ type: 'deal.won', when: { stage: ['won'] }, at: 'closed' }];
    expect(factsOf(facts, { stage: 'open' })).toEqual([]);
    expect(factsOf(facts, { stage: 'won' })).toMatchObject({ outcome: 'unreadable', reason: 'no-instant' });
    expect(factsOf(facts, { stage: 'won', closed: 'soon' })).toMatchObject({ reason: 'no-instant' });
  });

  it('gives a fact its further fields, without the absent ones', () => {
    const facts = [{ type: 'survey.answered', at: 'day', fields: { csat5: 'score', note: 'note' } }];
    expect(factsOf(facts, { day: '2026-09-26', score: 4, note: '' })).toMatchObject([{ fields: { csat5: 4 } }]);
    expect(factsOf(facts, { day: '2026-09-26' })).toEqual([
      { type: 'survey.answered', at: expect.any(Number) as number },
    ]);
  });

  it('refuses a record that stands for more facts than one may', () => {
    const facts = Array.from({ length: limits.factsPerRecord + 1 }, () => ({ type: 'a.b', at: 'day' }));
    expect(factsOf(facts, { day: '2026-09-26' })).toMatchObject({ outcome: 'unreadable', reason: 'too-many-facts' });
    expect(factsOf(facts.slice(1), { day: '2026-09-26' })).toHaveLength(limits.factsPerRecord);
  });

  it('names no value of the record in what it tells the operator', () => {
    const refused = factsOf([paid], { day: '2026-09-26', total: 'top secret' });
    expect(refused).toMatchObject({ detail: expect.not.stringContaining('secret') as string });
  });

  it('never throws, and observes only what the domain accepts, for any JSON', () => {
    const mapper = mapperOf({
      customer: { kind: 'account', id: 'a' },
      version: 'b',
      keepIf: { '!c': ['x'] },
      attributes: {
        plain: 'd',
        first: { path: 'e', as: 'first' },
        number: { path: 'd', as: 'number' },
        instant: { path: 'b', as: 'instant' },
        date: { path: 'e', as: 'date' },
        deep: 'e.0.a',
      },
      facts: [
        { type: 'a.b', at: 'b', amount: 'd', currency: 'c', fields: { x: 'e', y: 'c' } },
        { type: 'a.c', when: { d: ['x', 1, true] }, at: 'e', amount: 'a', sign: 'negative', absolute: true },
      ],
    });
    const value = fc.oneof(
      fc.jsonValue(),
      fc.double(),
      fc.integer(),
      fc.constantFrom('', 'CNY', 'USD', '12.5', '2026-01-02', '2026-01-02T03:04:05Z', 1_790_352_000_000),
      fc.string({ unit: 'binary' }),
    );
    const content = fc.record({ a: value, b: value, c: value, d: value, e: value }, { requiredKeys: [] });
    const seen = new Set<string>();
    fc.assert(
      fc.property(content, (json) => {
        const observed = mapper.observe('Order', '7', json as RecordContent);
        seen.add(observed.outcome);
        if (observed.outcome !== 'observed') return;
        CustomerId.parse(observed.customer);
        Attributes.parse(observed.attributes);
        z.array(Fact).parse(observed.facts);
      }),
      { numRuns: 2_000, seed: 7 },
    );
    expect([...seen].sort()).toEqual(['observed', 'unowned', 'unreadable']);
  });
});

describe('fieldsOfMapping', () => {
  it('names each field that a mapping looks at once, by its first part', () => {
    const mapping = RecordMapping.parse({
      customer: { kind: 'account', id: 'Account.id' },
      version: 'Changed',
      keepIf: { '!Status': ['x'] },
      attributes: { a: 'Owner.name', b: { path: 'Owner.id', as: 'text' }, c: { value: 1 } },
      facts: [
        { type: 'a.b', when: { Stage: ['x'] }, at: 'Day', amount: 'Total', currency: 'Cur', fields: { s: 'Stage' } },
      ],
    });
    expect(fieldsOfMapping(mapping)).toEqual(['Account', 'Changed', 'Cur', 'Day', 'Owner', 'Stage', 'Status', 'Total']);
  });
});
