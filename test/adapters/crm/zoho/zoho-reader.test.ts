import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { CallFault } from '#infra/demo/zoho-stand-in/stand-in-faults.ts';
import { zohoReader } from '#shared/adapters/crm/zoho/zoho-reader.ts';
import { RecordMapping } from '#shared/definitions/mapping.ts';
import { invoice, openZoho, type ZohoWorld } from './zoho-world.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const open = async (options: Parameters<typeof openZoho>[0] = {}): Promise<ZohoWorld> => {
  const world = await openZoho(options);
  closing.push(() => world.zoho.stop());
  return world;
};

const readerOf = (world: ZohoWorld, overrides: Parameters<ZohoWorld['connect']>[0] = {}) =>
  zohoReader({ client: world.connect(overrides), records: world.records });

/** A server that answers as told, in the place of Zoho's API. */
const openServer = async (answer: RequestListener): Promise<string> => {
  const server: Server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

describe('zohoReader', () => {
  it('reads records by id, and only the fields that the mapping looks at', async () => {
    const world = await open();
    await world.zoho.put('Invoices', invoice('1001'));
    const found = await readerOf(world).readAll('Invoices', ['1001', '1002']);
    expect([...found.keys()]).toEqual(['1001']);
    expect(found.get('1001')).toEqual({
      id: '1001',
      Account_Name: { name: 'Acme', id: '42' },
      Invoice_Date: '2026-09-01',
      Grand_Total: 12.5,
      Status: 'Approved',
      Currency: null,
      Modified_Time: '2026-09-26T10:00:00+00:00',
    });
  });

  it('finds nothing where nothing is, and asks not at all for ids that Zoho cannot have', async () => {
    const world = await open({ credits: 1 });
    const reader = readerOf(world);
    expect((await reader.readAll('Invoices', ['not-an-id', "1'", ''])).size).toBe(0);
    expect(world.zoho.mintedTokens()).toBe(0);
    expect((await reader.readAll('Invoices', ['1002'])).size).toBe(0);
  });

  it('reads more than a hundred ids in calls of a hundred', async () => {
    const world = await open({ credits: 3 });
    const ids = Array.from({ length: 250 }, (_, index) => String(5_000 + index));
    for (const id of ids) await world.zoho.put('Invoices', invoice(id));
    const found = await readerOf(world).readAll('Invoices', [...ids, ...ids]);
    expect([...found.keys()]).toEqual(ids);
  });

  it('still sees a lead after its conversion', async () => {
    const world = await open();
    await world.zoho.put('Leads', { id: '7', Full_Name: 'Wu Lei', $converted: true });
    expect((await readerOf(world).readAll('Leads', ['7'])).get('7')).toMatchObject({ Full_Name: 'Wu Lei' });
  });

  it('mints one token for 50 reads at a time', async () => {
    const world = await open({ concurrency: 100 });
    await world.zoho.put('Invoices', invoice('1001'));
    const reader = readerOf(world);
    const reads = await Promise.all(Array.from({ length: 50 }, () => reader.readAll('Invoices', ['1001'])));
    expect(reads.every((found) => found.size === 1)).toBe(true);
    expect(world.zoho.mintedTokens()).toBe(1);
  });

  it('replaces an expired token once, for all reads that met it', async () => {
    const world = await open({ concurrency: 100 });
    await world.zoho.put('Invoices', invoice('1001'));
    const reader = readerOf(world);
    await reader.readAll('Invoices', ['1001']);
    world.zoho.faults.reads('expired-token', 1);
    const reads = await Promise.all(Array.from({ length: 40 }, () => reader.readAll('Invoices', ['1001'])));
    expect(reads.every((found) => found.size === 1)).toBe(true);
    expect(world.zoho.mintedTokens()).toBe(2);
  });

  it('refuses when a token that is new is refused too', async () => {
    const world = await open();
    world.zoho.faults.reads('expired-token', 2);
    await expect(readerOf(world).readAll('Invoices', ['1'])).rejects.toMatchObject({
      code: 'CRM_REFUSED',
      retryable: false,
    });
    expect(world.zoho.mintedTokens()).toBe(2);
  });

  it.each<[CallFault, object]>([
    ['credits', { code: 'CRM_QUOTA_EXHAUSTED', retryable: true, retryAfterMs: 900_000 }],
    ['concurrency', { code: 'CRM_THROTTLED', retryable: true, retryAfterMs: 1_050 }],
    ['sub-concurrency', { code: 'CRM_THROTTLED', retryable: true, retryAfterMs: 1_050 }],
    ['unclear-limit', { code: 'CRM_THROTTLED', retryable: true, retryAfterMs: 1_950 }],
    ['unavailable', { code: 'CRM_UNAVAILABLE', retryable: true }],
    ['half', { code: 'CRM_UNAVAILABLE', retryable: true }],
  ])('takes %s for what it is, and reads on afterwards', async (fault, expected) => {
    const world = await open();
    await world.zoho.put('Invoices', invoice('1001'));
    const reader = readerOf(world);
    world.zoho.faults.reads(fault, 1);
    await expect(reader.readAll('Invoices', ['1001'])).rejects.toMatchObject(expected);
    expect((await reader.readAll('Invoices', ['1001'])).size).toBe(1);
  });

  it('gives up on an answer that takes too long', async () => {
    const world = await open({ slowMs: 400 });
    world.zoho.faults.reads('slow', 1);
    const read = readerOf(world, { timeoutMs: 100 }).readAll('Invoices', ['1']);
    await expect(read).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE', retryable: true });
  });

  it('calls a Zoho that is not there unavailable', async () => {
    const world = await open();
    const reader = readerOf(world);
    await reader.readAll('Invoices', ['1']);
    await world.zoho.stop();
    closing.splice(0);
    await expect(reader.readAll('Invoices', ['1'])).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE', retryable: true });
  });

  it('needs a person when the credentials are wrong', async () => {
    const world = await open();
    const credentials = { clientId: 'x', clientSecret: 'x', refreshToken: 'x' };
    const read = readerOf(world, { credentials }).readAll('Invoices', ['1']);
    await expect(read).rejects.toMatchObject({ code: 'CRM_REFUSED', retryable: false });
  });

  it('backs off ten minutes when Zoho gives no new token', async () => {
    const world = await open();
    world.zoho.faults.mints('access-denied', 1);
    const reader = readerOf(world);
    await expect(reader.readAll('Invoices', ['1'])).rejects.toMatchObject({
      code: 'CRM_THROTTLED',
      retryAfterMs: 600_000,
    });
    world.clock.advance(599_000);
    await expect(reader.readAll('Invoices', ['1'])).rejects.toMatchObject({
      code: 'CRM_THROTTLED',
      retryAfterMs: 1_000,
    });
    world.clock.advance(1_000);
    await expect(reader.readAll('Invoices', ['1'])).resolves.toBeDefined();
    expect(world.zoho.mintedTokens()).toBe(1);
  });

  it.each([
    [401, { code: 'OAUTH_SCOPE_MISMATCH' }],
    [401, { code: 'AUTHENTICATION_FAILURE' }],
    [403, { code: 'NO_PERMISSION' }],
    [400, { code: 'INVALID_MODULE' }],
    [404, { code: 'INVALID_URL_PATTERN' }],
    [302, ''],
  ])('needs a person for %i %j', async (status, body) => {
    const api = await openServer((_, response) =>
      response.writeHead(status, { location: 'http://127.0.0.1:1/elsewhere' }).end(JSON.stringify(body)),
    );
    const world = await open();
    const read = readerOf(world, { hosts: { accounts: world.zoho.url, api } }).readAll('Invoices', ['1']);
    await expect(read).rejects.toMatchObject({ code: 'CRM_REFUSED', retryable: false });
  });

  it.each([
    ['no JSON', 200, '<html>'],
    ['no list', 200, '{"data":{}}'],
    ['records without ids', 200, '{"data":[{"Name":"x"}]}'],
    ['part of a list', 200, '{"data":[{"id":"1"}],"info":{"more_records":true}}'],
    ['a gateway in between', 502, '<html>'],
  ])('takes %s for an outage, never for records that are gone', async (_, status, body) => {
    const api = await openServer((_request, response) => response.writeHead(status).end(body));
    const world = await open();
    const read = readerOf(world, { hosts: { accounts: world.zoho.url, api } }).readAll('Invoices', ['1', '2']);
    await expect(read).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE', retryable: true });
  });

  it('comes back when Zoho says when', async () => {
    const api = await openServer((_, response) => response.writeHead(503, { 'retry-after': '120' }).end());
    const world = await open();
    const read = readerOf(world, { hosts: { accounts: world.zoho.url, api } }).readAll('Invoices', ['1']);
    await expect(read).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE', retryAfterMs: 120_000 });
  });

  it('keeps to its pace and says when the next call may go', async () => {
    const world = await open();
    const reader = readerOf(world, { callsPerSecond: 2 });
    expect(reader.waitMs()).toBe(0);
    await reader.readAll('Invoices', ['1']);
    await reader.readAll('Invoices', ['1']);
    expect(reader.waitMs()).toBe(500);
  });

  it('refuses to read what is not mapped, without a call', async () => {
    const world = await open();
    await expect(readerOf(world).readAll('Quotes', ['1'])).rejects.toMatchObject({ code: 'CRM_REFUSED' });
    expect(world.zoho.mintedTokens()).toBe(0);
  });

  it('refuses a mapping that looks at more fields than Zoho returns', async () => {
    const world = await open();
    const attributes = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`a${index}`, `Field_${index}`]));
    const records = { Big: RecordMapping.parse({ customer: { kind: 'account', id: 'id' }, attributes }) };
    expect(() => zohoReader({ client: world.connect(), records })).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: 'records.Big looks at 51 fields, Zoho returns at most 50',
      }),
    );
  });
});
