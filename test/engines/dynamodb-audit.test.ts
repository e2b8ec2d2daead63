import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { type Audited, auditCustomers } from '#shared/adapters/dynamodb/customers/audit-customers.ts';
import { dynamoDbCustomerStore } from '#shared/adapters/dynamodb/customers/customer-store.ts';
import type { CustomerCommit } from '#shared/ports/customer-store.ts';
import {
  acme,
  customerOf,
  entryOf,
  firstInstant,
  hexOf,
  other,
  recordsOf,
  stateOf,
} from '../contract/customer-states.ts';
import { client, freshClient, freshTable } from './dynamodb-table.ts';

const a = customerOf('a');
const b = customerOf('b');
const hour = 60 * 60_000;
const nothing: Audited = { customers: 0, links: 0, bodies: 0, chunks: 0 };
const entry = entryOf(a, 1, '', hexOf('1'));
const ledger = { seq: 1, hash: entry.hash };

/** Everything is written ahead; then the process ends before the state is put. */
const crash = async (table: string, commit: CustomerCommit, at = firstInstant): Promise<void> => {
  const dying = freshClient();
  dying.middlewareStack.add(
    (next) => async (args) => {
      if ('Item' in args.input) throw Object.assign(new Error('killed'), { name: 'AbortError' });
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  const store = dynamoDbCustomerStore({ client: dying, table, wallNow: () => at });
  expect(await store.commitAll([commit])).toMatchObject([{ outcome: 'unavailable' }]);
};
const itemsIn = async (table: string): Promise<number> =>
  (await client.send(new ScanCommand({ TableName: table, Select: 'COUNT' }))).Count ?? 0;
const auditAt = (table: string, at: number) => auditCustomers({ client, table, wallNow: () => at }, acme);

describe('the audit of customers on DynamoDB', () => {
  it('removes what a crash before the first state left, once it is an hour old', async () => {
    const table = await freshTable();
    await crash(table, { next: stateOf(a, { ledger, records: recordsOf(800) }), entries: [entry] });
    const written = await itemsIn(table);
    expect(written).toBe(10);
    expect(await auditAt(table, firstInstant + hour)).toEqual({ ...nothing, customers: 1 });
    expect(await itemsIn(table)).toBe(written);
    expect(await auditAt(table, firstInstant + hour + 1)).toEqual({
      customers: 1,
      links: 1,
      bodies: 1,
      chunks: written - 2,
    });
    expect(await itemsIn(table)).toBe(0);
    expect(await auditAt(table, firstInstant + hour + 1)).toEqual(nothing);
  });

  it('removes what a crash between two states left, and nothing that the state reaches', async () => {
    const table = await freshTable();
    const store = dynamoDbCustomerStore({ client, table, wallNow: () => firstInstant });
    const state = stateOf(a, { ledger, records: recordsOf(800) });
    await store.commitAll([{ next: state, entries: [entry] }]);
    const before = await itemsIn(table);
    const second = entryOf(a, 2, entry.hash, hexOf('2'));
    const records = new Map([...state.records, ...recordsOf(30, 800)]);
    const next = stateOf(a, { version: 2, ledger: { seq: 2, hash: second.hash }, records });
    await crash(table, { next, entries: [second] });
    expect(await itemsIn(table)).toBeGreaterThan(before + 2);

    const audited = await auditAt(table, firstInstant + 2 * hour);
    expect(audited).toMatchObject({ customers: 1, links: 1, bodies: 1 });
    expect(audited.chunks).toBeGreaterThan(0);
    expect(await itemsIn(table)).toBe(before);
    const reader = dynamoDbCustomerStore({ client, table });
    expect((await reader.findAll(acme, [a])).get(a)).toEqual(state);
    expect(await reader.readLedger(acme, a)).toEqual([entry]);
  });

  it('keeps what is younger than an hour beside what is older', async () => {
    const table = await freshTable();
    await crash(table, { next: stateOf(a, { ledger }), entries: [entry] });
    const late = entryOf(a, 1, '', hexOf('late'));
    await crash(
      table,
      { next: stateOf(a, { ledger: { seq: 1, hash: late.hash } }), entries: [late] },
      firstInstant + hour,
    );
    expect(await auditAt(table, firstInstant + 2 * hour)).toEqual({ ...nothing, customers: 1, links: 1, bodies: 1 });
    expect(await itemsIn(table)).toBe(2);
  });

  it('keeps one of an entry that two attempts wrote', async () => {
    const table = await freshTable();
    const next = stateOf(a, { ledger });
    await crash(table, { next, entries: [entry] });
    const store = dynamoDbCustomerStore({ client, table, wallNow: () => firstInstant });
    await store.commitAll([{ next, entries: [entry] }]);
    expect(await auditAt(table, firstInstant + 2 * hour)).toEqual({ ...nothing, customers: 1, links: 1, bodies: 1 });
    expect(await store.readLedger(acme, a)).toEqual([entry]);
  });

  it('tells how far it is, and leaves other tenants alone', async () => {
    const table = await freshTable();
    const store = dynamoDbCustomerStore({ client, table });
    await store.commitAll([a, b].map((customer) => ({ next: stateOf(customer), entries: [] })));
    await crash(table, { next: stateOf(a, { tenant: other, ledger }), entries: [entry] });
    const progress: Audited[] = [];
    const options = {
      client,
      table,
      wallNow: () => firstInstant * 2,
      onProgress: (found: Audited) => progress.push(found),
    };
    expect(await auditCustomers(options, acme)).toEqual({ ...nothing, customers: 2 });
    expect(progress.at(-1)?.customers).toBe(1);
    expect(await itemsIn(table)).toBe(4);
  });
});
