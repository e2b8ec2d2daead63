import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export interface FxiaokeCall {
  readonly path: string;
  readonly traceId: string | null;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly corpAccessToken?: string; readonly data?: Record<string, unknown> };
}

type Json = Readonly<Record<string, unknown>>;

/** The open platform as far as reading goes: tokens in both styles, query and get. `plan` answers come first, in order. */
export const openFxiaoke = async () => {
  const records = new Map<string, Json & { readonly _id: string }>();
  const hidden = new Set<string>();
  const calls: FxiaokeCall[] = [];
  const plan: (Json | { readonly status: number })[] = [];
  let minted = 0;
  let validFrom = 1;

  const answerQuery = ({ body }: FxiaokeCall): Json => {
    const search = body.data?.['search_query_info'] as {
      filters: { field_values: string[] }[];
      fieldProjection: string[];
    };
    const ids = search.filters[0]?.field_values ?? [];
    const dataList = ids.flatMap((id) => (hidden.has(id) ? [] : (records.get(id) ?? [])));
    return { errorCode: 0, errorMessage: 'OK', data: { dataList, total: dataList.length } };
  };
  const answer = (call: FxiaokeCall): Json => {
    if (call.path === '/oauth2.0/token' || call.path === '/cgi/corpAccessToken/get/V2') {
      minted += 1;
      const token = `token-${minted}`;
      return call.path.startsWith('/oauth')
        ? { errorCode: 0, accessToken: token, expiresIn: 7_084, ea: 'acme', openUserId: 'FSCID_1' }
        : { errorCode: 0, corpAccessToken: token, corpId: 'FSCID_1', expiresIn: 7_200 };
    }
    const token = (call.body.corpAccessToken ?? call.headers.authorization ?? '').replace('Bearer ', '');
    if (Number(token.slice('token-'.length)) < validFrom)
      return { errorCode: 20016, errorMessage: 'authorization is error' };
    if (call.path.endsWith('/query')) return answerQuery(call);
    const record = records.get(String(call.body.data?.['objectDataId']));
    return { errorCode: 0, errorMessage: 'OK', ...(record === undefined ? {} : { data: record }) };
  };

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '', 'http://localhost');
    const call = {
      path: url.pathname,
      traceId: url.searchParams.get('thirdTraceId'),
      headers: request.headers,
      body: (await json(request)) as FxiaokeCall['body'],
    };
    calls.push(call);
    const planned = call.path.includes('oken') ? undefined : plan.shift();
    if (planned !== undefined && 'status' in planned) response.writeHead(Number(planned['status'])).end('<html>');
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(planned ?? answer(call)));
  };
  const server = createServer((request, response) => void respond(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    put: (record: Json & { readonly _id: string }): void => void records.set(record._id, record),
    /** Queries leave this one out, `get` still knows it. */
    hideFromQuery: (id: string): void => void hidden.add(id),
    /** Every token so far is refused from now on. */
    expireTokens: (): void => {
      validFrom = minted + 1;
    },
    calls,
    plan,
    minted: () => minted,
    stop: async (): Promise<void> => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

export type FxiaokeServer = Awaited<ReturnType<typeof openFxiaoke>>;
