import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  startZohoStandIn,
  type ZohoStandIn,
  type ZohoStandInOptions,
} from '#infra/demo/zoho-stand-in/start-zoho-stand-in.ts';

interface Note {
  readonly path: string;
  readonly module: string;
  readonly operation: string;
  readonly ids: readonly string[];
  readonly affected_fields: readonly Record<string, string[]>[];
  readonly [name: string]: unknown;
}

const client = { clientId: 'id', clientSecret: 'secret', refreshToken: 'refresh' };
const start = Date.parse('2026-09-26T10:00:00.123Z');

let zoho: ZohoStandIn;
let clockNow: number;
const stops: (() => Promise<void>)[] = [];

beforeEach(() => {
  clockNow = start;
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const open = async (options: Partial<ZohoStandInOptions> = {}) => {
  zoho = await startZohoStandIn({ client, now: () => clockNow, ...options });
  const opened = zoho;
  stops.push(() => opened.stop());
  return zoho;
};

const mint = async (form: Record<string, string> = {}) => {
  const response = await fetch(`${zoho.url}/oauth/v2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'id',
      client_secret: 'secret',
      refresh_token: 'refresh',
      ...form,
    }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
};

const call = async (
  method: string,
  path: string,
  body?: unknown,
  token?: string,
  headers: Record<string, string> = {},
) => {
  const accessToken = token ?? (await mint()).body['access_token'] ?? '';
  const response = await fetch(`${zoho.url}/crm/v8/${path}`, {
    method,
    headers: { authorization: `Zoho-oauthtoken ${accessToken}`, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    json: (answer === '' ? undefined : JSON.parse(answer)) as Record<string, unknown>,
  };
};

/** An endpoint that keeps what it is told; `status` of the next answers may be changed. */
const openEndpoint = async () => {
  const notes: Note[] = [];
  const statuses: number[] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  const server = createServer((request, response) => {
    inFlight += 1;
    mostInFlight = Math.max(mostInFlight, inFlight);
    void text(request).then((body) => {
      const status = statuses.shift() ?? 200;
      if (status === 200) notes.push({ path: request.url ?? '', ...(JSON.parse(body) as Omit<Note, 'path'>) } as Note);
      inFlight -= 1;
      response.writeHead(status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/path-secret`,
    notes,
    statuses,
    mostInFlight: () => mostInFlight,
    ids: () => notes.map(({ ids }) => ids.join()),
  };
};

const watchOf = (notify_url: string, events = ['Invoices.all', 'Accounts.edit']) => ({
  channel_id: '1000000068001',
  events,
  notify_url,
  token: 'echo-me',
  channel_expiry: '2026-09-30T10:00:00+00:00',
  notify_on_related_action: false,
});

describe('the token endpoint', () => {
  it('gives a token for the right refresh token, for an hour', async () => {
    await open();
    const { status, body } = await mint();
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { api_domain: zoho.url, token_type: 'Bearer', expires_in: 3_600 },
    });
    expect((await call('GET', 'Accounts?ids=1&fields=x', undefined, body['access_token'])).status).toBe(204);
    clockNow += 3_600_000;
    expect(await call('GET', 'Accounts?ids=1&fields=x', undefined, body['access_token'])).toMatchObject({
      status: 401,
      json: { code: 'INVALID_TOKEN' },
    });
  });

  it('refuses wrong credentials with status 200, as Zoho does', async () => {
    await open();
    expect(await mint({ client_secret: 'x' })).toEqual({ status: 200, body: { error: 'invalid_client' } });
    expect(await mint({ refresh_token: 'x' })).toEqual({ status: 200, body: { error: 'invalid_code' } });
  });

  it('gives ten tokens in ten minutes and no more', async () => {
    await open();
    for (let each = 0; each < 10; each += 1) expect((await mint()).body).toHaveProperty('access_token');
    expect(await mint()).toMatchObject({ status: 400, body: { error: 'Access Denied' } });
    clockNow += 600_000;
    expect((await mint()).body).toHaveProperty('access_token');
  });

  it('refuses calls without a token', async () => {
    await open();
    const response = await fetch(`${zoho.url}/crm/v8/Accounts?fields=x`);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'AUTHENTICATION_FAILURE' });
  });
});

describe('records', () => {
  it('come back one by one, by ids and as pages', async () => {
    await open();
    for (let id = 1; id <= 5; id += 1) await zoho.put('Accounts', { id: String(id), Account_Name: `A${id}` });
    expect((await call('GET', 'Accounts/3?fields=Account_Name')).json).toEqual({
      data: [{ id: '3', Account_Name: 'A3' }],
    });
    expect((await call('GET', 'Accounts?ids=2,9,4&fields=Account_Name')).json).toMatchObject({
      data: [{ id: '2' }, { id: '4' }],
    });
    const first = await call('GET', 'Accounts?fields=Account_Name&per_page=3&sort_by=id&sort_order=asc');
    expect(first.json).toMatchObject({ data: [{ id: '1' }, { id: '2' }, { id: '3' }], info: { more_records: true } });
    const token = (first.json['info'] as { next_page_token: string }).next_page_token;
    const rest = await call('GET', `Accounts?fields=Account_Name&per_page=3&sort_order=asc&page_token=${token}`);
    expect(rest.json).toMatchObject({
      data: [{ id: '4' }, { id: '5' }],
      info: { more_records: false, next_page_token: null },
    });
    expect((await call('GET', 'Accounts')).status).toBe(400);
  });

  it('come back since an instant', async () => {
    await open();
    await zoho.put('Accounts', { id: '1' });
    clockNow += 60_000;
    await zoho.put('Accounts', { id: '2' });
    const since = (at: string) => call('GET', 'Accounts?fields=x', undefined, undefined, { 'if-modified-since': at });
    expect((await since('2026-09-26T10:00:30+00:00')).json).toMatchObject({ data: [{ id: '2' }] });
    expect((await since('2026-09-26T10:05:00+00:00')).status).toBe(304);
  });

  it('have a result for each row of a write', async () => {
    await open();
    await zoho.put('Accounts', { id: '1' });
    const mixed = await call('PUT', 'Accounts', { data: [{ id: '1', Rating: 'Hot' }, { id: '404' }] });
    expect(mixed).toMatchObject({
      status: 207,
      json: {
        data: [
          { code: 'SUCCESS', details: { id: '1' } },
          { code: 'INVALID_DATA', status: 'error' },
        ],
      },
    });
    expect((await call('PUT', 'Accounts/1', { data: [{ Rating: 'Cold' }] })).status).toBe(200);
    expect(zoho.records('Accounts')).toMatchObject([
      { id: '1', Rating: 'Cold', Modified_Time: '2026-09-26T10:00:00+00:00' },
    ]);
    expect((await call('POST', 'Accounts', 'nonsense')).status).toBe(400);
  });

  it('keep the key of tasks unique', async () => {
    await open({ taskKeyField: 'Key' });
    const task = { Subject: 'Call', Key: 'k1' };
    const created = await call('POST', 'Tasks', { data: [task] });
    expect(created.status).toBe(201);
    const [first] = zoho.tasks();
    expect(await call('POST', 'Tasks', { data: [task] })).toMatchObject({
      status: 400,
      json: { data: [{ code: 'DUPLICATE_DATA', details: { api_name: 'Key', id: first?.id } }] },
    });
    expect((await call('POST', 'Tasks', { data: [{ Subject: 'Call' }, { Subject: 'Call' }] })).status).toBe(201);
    expect(zoho.tasks()).toHaveLength(3);
  });

  it('say how many credits are left once half of them are used', async () => {
    await open({ credits: 4 });
    const { access_token: token = '' } = (await mint()).body;
    const read = () => call('GET', 'Accounts?ids=1&fields=x', undefined, token);
    expect((await read()).headers.get('x-api-credits-remaining')).toBeNull();
    expect((await read()).headers.get('x-api-credits-remaining')).toBe('2');
    await read();
    await read();
    expect(await read()).toMatchObject({ status: 429, json: { code: 'TOO_MANY_REQUESTS' } });
  });

  it('answer only so many calls at a time', async () => {
    await open({ concurrency: 3, slowMs: 500 });
    const { access_token: token = '' } = (await mint()).body;
    zoho.faults.reads('slow', 4);
    const answers = await Promise.all([1, 2, 3, 4].map(() => call('GET', 'Accounts?ids=1&fields=x', undefined, token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 204, 204, 429]);
  });
});

describe('channels', () => {
  it('are enabled, listed, changed and disabled', async () => {
    await open();
    const watch = watchOf('https://ingest.example.com/x');
    const enabled = await call('POST', 'actions/watch', { watch: [watch] });
    expect(enabled).toMatchObject({
      status: 201,
      json: {
        watch: [
          {
            code: 'SUCCESS',
            details: { events: [{ channel_expiry: '2026-09-30T10:00:00+00:00', resource_name: 'Invoices' }, {}] },
          },
        ],
      },
    });
    const patch = { channel_id: watch.channel_id, channel_expiry: '2026-10-02T10:00:00+00:00' };
    expect((await call('PATCH', 'actions/watch', { watch: [patch] })).status).toBe(200);
    const listed = await call('GET', 'actions/watch?module=Accounts');
    expect(listed.json).toMatchObject({
      watch: [{ token: 'echo-me', channel_expiry: '2026-10-02T10:00:00+00:00' }, {}],
    });
    expect((await call('DELETE', `actions/watch?channel_ids=${watch.channel_id}`)).status).toBe(200);
    expect((await call('GET', 'actions/watch')).status).toBe(204);
    expect(await call('PATCH', 'actions/watch', { watch: [patch] })).toMatchObject({
      status: 400,
      json: { watch: [{ code: 'NOT_SUBSCRIBED' }] },
    });
  });

  it('live one hour when the expiry is missing or too far off', async () => {
    await open();
    const watch = {
      ...watchOf('https://ingest.example.com/x', ['Deals.edit']),
      channel_expiry: '2027-09-30T10:00:00+00:00',
    };
    const { json } = await call('POST', 'actions/watch', { watch: [watch] });
    expect(json).toMatchObject({ watch: [{ details: { events: [{ channel_expiry: '2026-09-26T11:00:00+00:00' }] } }] });
    clockNow += 3_600_000;
    expect((await call('GET', 'actions/watch')).status).toBe(204);
  });

  it.each([{ token: 'x'.repeat(51) }, { events: ['Deals.touched'] }, { channel_id: 'abc' }, { notify_url: 'nowhere' }])(
    'are refused with %j',
    async (wrong) => {
      await open();
      const { status, json } = await call('POST', 'actions/watch', {
        watch: [{ ...watchOf('https://x.example.com'), ...wrong }],
      });
      expect({ status, json }).toMatchObject({
        status: 400,
        json: { watch: [{ code: 'INVALID_DATA', details: { api_name: Object.keys(wrong)[0] } }] },
      });
    },
  );
});

describe('notifications', () => {
  const openWatched = async (events?: string[]) => {
    const endpoint = await openEndpoint();
    await open();
    zoho.subscribe(watchOf(`${endpoint.url}?k=1`, events));
    return endpoint;
  };

  it('say who changed and how, and echo the token', async () => {
    const { notes } = await openWatched();
    await zoho.put('Invoices', { id: '1', Grand_Total: 5 });
    await zoho.settled();
    await zoho.put('Invoices', { id: '1', Grand_Total: 6, Status: null });
    await zoho.settled();
    await zoho.remove('Invoices', '1');
    await zoho.settled();
    const common = {
      path: '/hooks/path-secret?k=1',
      module: 'Invoices',
      ids: ['1'],
      channel_id: '1000000068001',
      token: 'echo-me',
      query_params: { k: '1' },
      server_time: start,
    };
    expect(notes).toMatchObject([
      { ...common, operation: 'insert', affected_fields: [] },
      { ...common, operation: 'update', affected_fields: [{ '1': ['Grand_Total'] }] },
      { ...common, operation: 'delete' },
    ]);
  });

  it('gather the records of one module that change together', async () => {
    const { notes } = await openWatched();
    for (let id = 1; id <= 250; id += 1) void zoho.put('Invoices', { id: String(id) });
    await zoho.settled();
    expect(notes.map(({ ids }) => ids.length)).toEqual([100, 100, 50]);
  });

  it('tell of each edit of a record, however close they are', async () => {
    const { notes } = await openWatched();
    for (const Rating of ['Cold', 'Warm', 'Hot']) void zoho.put('Accounts', { id: '1', Rating });
    await zoho.settled();
    expect(notes.map(({ ids, affected_fields }) => [ids, affected_fields])).toEqual([
      [['1'], [{ '1': ['Rating'] }]],
      [['1'], [{ '1': ['Rating'] }]],
    ]);
  });

  it('tell only of what is subscribed and not expired', async () => {
    const { notes } = await openWatched();
    await zoho.put('Deals', { id: '1' });
    await zoho.put('Accounts', { id: '1' });
    await zoho.put('Accounts', { id: '1', Rating: 'Hot' });
    clockNow = Date.parse('2026-09-30T10:00:01Z');
    await zoho.put('Accounts', { id: '1', Rating: 'Cold' });
    await zoho.settled();
    expect(notes).toMatchObject([{ module: 'Accounts', operation: 'update', affected_fields: [{ '1': ['Rating'] }] }]);
  });

  it('heed the selection of fields', async () => {
    const endpoint = await openEndpoint();
    await open();
    const field = (api_name: string) => ({ field: { api_name, id: '1' } });
    const selection = {
      group_operator: 'or',
      group: [field('Rating'), { group_operator: 'and', group: [field('A'), field('B')] }],
    } as const;
    zoho.subscribe({
      ...watchOf(endpoint.url),
      notification_condition: [{ module: { api_name: 'Accounts' }, field_selection: selection }],
    });
    const account = { id: '1', Rating: 'x', A: 1, B: 1, Customer_Grade: 'B' };
    await zoho.put('Accounts', account);
    for (const change of [{ Customer_Grade: 'A' }, { A: 2 }, { A: 3, B: 3 }, { Rating: 'y' }]) {
      await zoho.put('Accounts', { id: '1', ...change });
      await zoho.settled();
    }
    expect(endpoint.notes.map(({ affected_fields }) => affected_fields[0]?.['1'])).toEqual([['A', 'B'], ['Rating']]);
  });

  it('follow writes through the API too', async () => {
    const { notes } = await openWatched();
    await zoho.put('Accounts', { id: '1' });
    await call('PUT', 'Accounts', { data: [{ id: '1', Customer_Grade: 'A' }], trigger: [] });
    await zoho.settled();
    expect(notes).toMatchObject([{ affected_fields: [{ '1': ['Customer_Grade'] }] }]);
  });

  it('come again, in order and one at a time, until they are taken', async () => {
    const { statuses, ids, mostInFlight } = await openWatched();
    statuses.push(503, 401);
    for (const id of ['1', '2', '3']) {
      await zoho.put('Invoices', { id });
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await zoho.settled();
    expect(ids().join()).toBe('1,2,3');
    expect(mostInFlight()).toBe(1);
    expect(zoho.deliveredNotifications()).toBe(ids().length);
  });

  it('get lost, doubled and overtaken on demand', async () => {
    const { ids } = await openWatched();
    const say = async (id: string) => {
      await zoho.put('Invoices', { id });
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
    };
    zoho.faults.notifications('lost', 1);
    await say('1');
    await zoho.settled();
    zoho.faults.notifications('duplicated', 1);
    await say('2');
    await zoho.settled();
    zoho.faults.notifications('reordered', 1);
    await say('3');
    await say('4');
    await zoho.settled();
    zoho.faults.notifications('reordered', 1);
    await say('5');
    await zoho.settled();
    expect(ids()).toEqual(['2', '2', '4', '3', '5']);
  });

  it('do not hold up a stop', async () => {
    const { statuses, notes } = await openWatched();
    statuses.push(...Array.from({ length: 50 }, () => 503));
    await zoho.put('Invoices', { id: '1' });
    await zoho.stop();
    stops.splice(1, 1);
    expect(notes).toEqual([]);
  });

  it('carry thousands of changes', async () => {
    const { ids } = await openWatched();
    for (let id = 1; id <= 3_000; id += 1) {
      await zoho.put('Invoices', { id: String(id), Grand_Total: id });
      if (id % 25 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await zoho.settled();
    expect(ids().join().split(',')).toEqual(Array.from({ length: 3_000 }, (_, index) => String(index + 1)));
  });
});
