import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fxiaokeBaseUrlOf, fxiaokeClient } from '#shared/adapters/crm/fxiaoke/fxiaoke-client.ts';
import { fxiaokeReader } from '#shared/adapters/crm/fxiaoke/fxiaoke-reader.ts';
import type { FxiaokeClientDeps } from '#shared/adapters/crm/fxiaoke/fxiaoke-settings.ts';
import { mappingsFor } from '#shared/adapters/crm/mappings-for.ts';
import { memoryTokenStore } from '#shared/adapters/memory/token-store.ts';
import { RecordMapping } from '#shared/definitions/mapping.ts';
import { handClock } from '../hand-clock.ts';
import { type FxiaokeServer, openFxiaoke } from './fxiaoke-server.ts';

let server: FxiaokeServer;
let clock: ReturnType<typeof handClock>;

beforeEach(async () => {
  server = await openFxiaoke();
  clock = handClock();
});
afterEach(() => server.stop());

const app = {
  appId: 'FSAID_1',
  appSecret: 'secret',
  permanentCode: 'code',
  actingUser: '1000',
  style: 'header',
} as const;

const readerOf = (overrides: Partial<FxiaokeClientDeps> = {}) => {
  let traces = 0;
  const client = fxiaokeClient({
    ...clock,
    connection: 'fxiaoke-cn',
    holder: 'test',
    baseUrl: server.url,
    app,
    tokens: memoryTokenStore(),
    callsPerSecond: 50,
    errorClasses: {},
    traceId: () => `trace-${(traces += 1)}`,
    timeoutMs: 10_000,
    ...overrides,
  });
  const records = {
    ...mappingsFor({ vendor: 'fxiaoke', records: {} }),
    visit__c: RecordMapping.parse({ customer: { kind: 'account', id: 'account_id' } }),
  };
  return fxiaokeReader({ client, records });
};

const order = (id: string, more: object = {}) => ({
  _id: id,
  account_id: 'a1',
  life_status: 'normal',
  order_amount: '5.00',
  ...more,
});
const dataCalls = () => server.calls.filter(({ path }) => path.includes('/data/'));

describe('fxiaokeReader', () => {
  it('reads by id in one query, for the fields the mapping looks at', async () => {
    server.put(order('o1'));
    server.put(order('o2'));
    const found = await readerOf().readAll('SalesOrderObj', ['o1', 'o2', 'o1']);
    expect(found.get('o1')).toEqual(order('o1'));
    expect([...found.keys()]).toEqual(['o1', 'o2']);
    expect(dataCalls()).toHaveLength(1);
    expect(dataCalls()[0]).toMatchObject({
      path: '/cgi/crm/v2/data/query',
      headers: { authorization: 'Bearer token-1', 'x-fs-ea': 'acme', 'x-fs-userid': '1000' },
      body: {
        data: {
          dataObjectApiName: 'SalesOrderObj',
          find_explicit_total_num: false,
          search_query_info: {
            limit: 100,
            offset: 0,
            filters: [{ field_name: '_id', operator: 'IN', field_values: ['o1', 'o2'] }],
            orders: [{ fieldName: '_id', isAsc: true }],
            fieldProjection: [
              '_id',
              'last_modified_time',
              'life_status',
              'is_deleted',
              'account_id',
              'order_amount',
              'order_status',
              'order_time',
            ],
          },
        },
        includeNull: true,
      },
    });
  });

  it('asks for a field whose resolved name is mapped, not for the name', async () => {
    await readerOf().readAll('AccountObj', ['a1']);
    const search = dataCalls()[0]?.body.data?.['search_query_info'] as { fieldProjection: string[] };
    expect(search.fieldProjection).toContain('owner');
    expect(search.fieldProjection).not.toContain('owner__r');
  });

  it('gives every call a trace of its own', async () => {
    await readerOf().readAll('SalesOrderObj', ['o1', 'o2']);
    const traces = server.calls.map(({ traceId }) => traceId);
    expect(traces).toEqual(['trace-1', 'trace-2', 'trace-3', 'trace-4']);
  });

  it('speaks the older style with everything in the body', async () => {
    server.put(order('o1'));
    const old = { ...app, actingUser: 'FSUID_1', style: 'body' } as const;
    expect((await readerOf({ app: old }).readAll('SalesOrderObj', ['o1'])).size).toBe(1);
    expect(server.calls[0]).toMatchObject({
      path: '/cgi/corpAccessToken/get/V2',
      body: { appId: 'FSAID_1', appSecret: 'secret', permanentCode: 'code' },
    });
    expect(dataCalls()[0]).toMatchObject({
      body: { corpAccessToken: 'token-1', corpId: 'FSCID_1', currentOpenUserId: 'FSUID_1', data: {} },
    });
    expect(dataCalls()[0]?.headers).not.toHaveProperty('authorization');
  });

  it('takes the route of custom objects for theirs', async () => {
    await readerOf().readAll('visit__c', ['v1']);
    expect(dataCalls().map(({ path }) => path)).toEqual([
      '/cgi/crm/custom/v2/data/query',
      '/cgi/crm/custom/v2/data/get',
    ]);
  });

  it('queries a hundred ids at a time', async () => {
    const ids = Array.from({ length: 230 }, (_, index) => `o${index}`);
    for (const id of ids) server.put(order(id));
    const found = await readerOf().readAll('SalesOrderObj', ids);
    expect(found.size).toBe(230);
    expect(dataCalls()).toHaveLength(3);
  });

  it('asks once more for an id that does not come back, before it is gone', async () => {
    server.put(order('o1'));
    server.hideFromQuery('o1');
    const found = await readerOf().readAll('SalesOrderObj', ['o1', 'o2']);
    expect([...found.keys()]).toEqual(['o1']);
    expect(dataCalls().map(({ path, body }) => [path, body.data?.['objectDataId']])).toEqual([
      ['/cgi/crm/v2/data/query', undefined],
      ['/cgi/crm/v2/data/get', 'o1'],
      ['/cgi/crm/v2/data/get', 'o2'],
    ]);
  });

  it.each([{ life_status: 'invalid' }, { is_deleted: true }, { is_deleted: '1' }])(
    'counts a record with %j as gone',
    async (gone) => {
      server.put(order('o1', gone));
      server.put(order('o2', gone));
      server.hideFromQuery('o2');
      expect((await readerOf().readAll('SalesOrderObj', ['o1', 'o2'])).size).toBe(0);
    },
  );

  it.each([{ is_deleted: false }, { is_deleted: '0' }, { life_status: 'in_change' }])(
    'counts a record with %j as there',
    async (there) => {
      server.put(order('o1', there));
      expect((await readerOf().readAll('SalesOrderObj', ['o1'])).size).toBe(1);
    },
  );

  it.each([{ errorCode: 0 }, { errorCode: 0, data: null }, { errorCode: 0, data: {} }])(
    'takes %j for gone',
    async (answer) => {
      server.plan.push({ errorCode: 0, data: { dataList: [] } }, answer);
      expect((await readerOf().readAll('SalesOrderObj', ['o1'])).size).toBe(0);
    },
  );

  it('takes the survivor of a merge for another record', async () => {
    server.plan.push({ errorCode: 0, data: { dataList: [] } }, { errorCode: 0, data: order('o9') });
    expect((await readerOf().readAll('SalesOrderObj', ['o1'])).size).toBe(0);
  });

  it('never takes an error for gone, unless the settings say that this one means it', async () => {
    const missing = [
      { errorCode: 0, data: { dataList: [] } },
      { errorCode: 88888, errorMessage: 'no such data' },
    ];
    server.plan.push(...missing);
    await expect(readerOf().readAll('SalesOrderObj', ['o1'])).rejects.toMatchObject({
      code: 'CRM_UNAVAILABLE',
      retryable: true,
    });
    server.plan.push(...missing);
    const reader = readerOf({ errorClasses: { '88888': 'ok' } });
    expect((await reader.readAll('SalesOrderObj', ['o1'])).size).toBe(0);
  });

  it('mints one token for 50 reads at a time, and one more when it is refused', async () => {
    server.put(order('o1'));
    const reader = readerOf();
    const readFifty = () => Promise.all(Array.from({ length: 50 }, () => reader.readAll('SalesOrderObj', ['o1'])));
    await readFifty();
    expect(server.minted()).toBe(1);
    clock.advance(10_000);
    server.expireTokens();
    const reads = await readFifty();
    expect(reads.every(({ size }) => size === 1)).toBe(true);
    expect(server.minted()).toBe(2);
  });

  it('renews a token in the window in which both the old and the new one work', async () => {
    const reader = readerOf();
    await reader.readAll('SalesOrderObj', ['o1']);
    clock.advance((7_084 - 600) * 1_000);
    await reader.readAll('SalesOrderObj', ['o1']);
    expect(server.minted()).toBe(1);
    clock.advance(6_000);
    await reader.readAll('SalesOrderObj', ['o1']);
    expect(server.minted()).toBe(2);
  });

  it.each([
    [20016, { code: 'CRM_REFUSED', retryable: false }],
    [-1, { code: 'CRM_UNAVAILABLE', retryable: true }],
    [50009, { code: 'CRM_UNAVAILABLE', retryable: true }],
    [77777, { code: 'CRM_UNAVAILABLE', retryable: true }],
    [30004, { code: 'CRM_THROTTLED', retryable: true, retryAfterMs: 20_000 }],
    [14001, { code: 'CRM_THROTTLED', retryable: true, retryAfterMs: 20_000 }],
    // the clock stands at 18:00 in Beijing
    [30002, { code: 'CRM_QUOTA_EXHAUSTED', retryable: true, retryAfterMs: 6 * 3_600_000 }],
    [30003, { code: 'CRM_REFUSED', retryable: false }],
    [15003, { code: 'CRM_REFUSED', retryable: false }],
    [10013, { code: 'CRM_REFUSED', retryable: false }],
  ])('takes errorCode %i for what it is', async (errorCode, expected) => {
    const body = { errorCode, errorMessage: 'text that may change' };
    server.plan.push(body, body);
    await expect(readerOf().readAll('SalesOrderObj', ['o1'])).rejects.toMatchObject(expected);
  });

  it('lets the settings class a code otherwise', async () => {
    server.plan.push({ errorCode: '30003' });
    const reader = readerOf({ errorClasses: { '30003': 'throttled' } });
    await expect(reader.readAll('SalesOrderObj', ['o1'])).rejects.toMatchObject({ code: 'CRM_THROTTLED' });
  });

  it('sees a body that the platform cannot digest for what it is', async () => {
    server.plan.push({ errorCode: -1, errorMessage: 'java.lang.NullPointerException' });
    await expect(readerOf().readAll('SalesOrderObj', ['o1'])).rejects.toMatchObject({
      code: 'CRM_REFUSED',
      retryable: false,
    });
  });

  it.each([
    [{ status: 302 }, { code: 'CRM_REFUSED' }],
    [{ status: 404 }, { code: 'CRM_REFUSED' }],
    [{ status: 429 }, { code: 'CRM_THROTTLED' }],
    [{ status: 503 }, { code: 'CRM_UNAVAILABLE' }],
    [{ status: 200 }, { code: 'CRM_UNAVAILABLE' }],
    [{ data: {} }, { code: 'CRM_UNAVAILABLE' }],
    [{ errorCode: 0, data: { list: [] } }, { code: 'CRM_UNAVAILABLE' }],
    [{ errorCode: 0, data: { dataList: [{ name: 'without an id' }] } }, { code: 'CRM_UNAVAILABLE' }],
  ])('does not take %j for an answer', async (answer, expected) => {
    server.plan.push(answer);
    await expect(readerOf().readAll('SalesOrderObj', ['o1'])).rejects.toMatchObject(expected);
  });

  it('refuses to read what is not mapped, without a call', async () => {
    await expect(readerOf().readAll('CasesObj', ['c1'])).rejects.toMatchObject({ code: 'CRM_REFUSED' });
    expect(server.calls).toEqual([]);
  });

  it('keeps to its pace and says when the next call may go', async () => {
    server.put(order('o1'));
    const reader = readerOf({ callsPerSecond: 1 });
    expect(reader.waitMs()).toBe(0);
    await reader.readAll('SalesOrderObj', ['o1']);
    expect(reader.waitMs()).toBe(1_000);
  });
});

describe('fxiaokeBaseUrlOf', () => {
  it('names the host of the settings, or a test server', () => {
    expect(fxiaokeBaseUrlOf({ host: 'open-na.sharecrm.com' })).toBe('https://open-na.sharecrm.com');
    expect(fxiaokeBaseUrlOf({ host: 'x', baseUrl: 'http://127.0.0.1:1/' })).toBe('http://127.0.0.1:1');
  });
});
