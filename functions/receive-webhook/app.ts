import { type Context, type Env, Hono } from 'hono';
import { limits } from '../../shared/definitions/limits.ts';
import { PipelineError } from '../../shared/domain/pipeline-error.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Receipt, ReceiveWebhook } from '../../shared/usecases/receive-webhook.ts';
import type { ReadBody } from './read-body.ts';
import { type Route, routes, takesContentType } from './routes.ts';

export interface ReceiveAppDeps<E extends Env> {
  readonly receive: ReceiveWebhook;
  /** How this platform hands over a body: `readNodeBody` on Node, `readWebBody` everywhere else. */
  readonly readBody: ReadBody<E>;
  readonly log: Log;
}

/**
 * The webhook edge. Answers 200 once everything is durable; 401 without a word to whoever is not proven, whether the
 * connection exists or not; 400 with `{"error"}` for what cannot be read; 405, 413; 503 with `Retry-After` while the store
 * is away; 404 on any other path. One log line per request: template, connection if it is ours, outcome, delivery, hints, bytes.
 */
export const createReceiveApp = <E extends Env>(deps: ReceiveAppDeps<E>): Hono<E> => {
  const app = new Hono<E>();
  const { log } = deps;
  // one handler per route: where two match, hono composes them, which costs more than all the rest of it
  for (const route of routes)
    app.all(route.template, (c) =>
      c.req.method === 'POST' ? takeIn(c, route, deps) : refuse(c, log, route, 'method'),
    );
  app.notFound(() => {
    log.warn({ outcome: 'unknown-path' }, 'webhook');
    return empty(404);
  });
  app.onError((error) => {
    log.error({ outcome: 'failed', failure: failureOf(error) }, 'webhook');
    return unavailable();
  });
  return app;
};

const takeIn = async <E extends Env>(c: Context<E>, route: Route, deps: ReceiveAppDeps<E>): Promise<Response> => {
  const { log } = deps;
  // these three look at the request alone, so they say nothing about which connections exist
  if (!takesContentType(route, c.req.header('content-type'))) return refuse(c, log, route, 'content-type');
  if (Number(c.req.header('content-length') ?? 0) > limits.webhookBodyBytes) return refuse(c, log, route, 'too-large');
  const body = await deps.readBody(c, limits.webhookBodyBytes);
  if (typeof body === 'string') return refuse(c, log, route, body);

  const pathSecret = c.req.param('secret');
  const receipt = await deps.receive(c.req.param('connection') ?? '', route.entrance, {
    body,
    header: (name) => c.req.header(name),
    ...(pathSecret === undefined ? {} : { pathSecret }),
  });
  tell(log, route, receipt, body.length);
  return answer(c, receipt);
};

type Refusal = 'method' | 'content-type' | 'too-large' | 'aborted';

const refuse = (c: Context, log: Log, { template: route }: Route, outcome: Refusal): Response => {
  log.warn({ route, outcome }, 'webhook');
  switch (outcome) {
    case 'method':
      return empty(405, { Allow: 'POST' });
    case 'content-type':
      return c.json({ error: 'this content type is not taken here' }, 400);
    case 'too-large':
      return empty(413);
    case 'aborted':
      return empty(400);
  }
};

const answer = (c: Context, receipt: Receipt): Response => {
  switch (receipt.outcome) {
    case 'accepted':
      return receipt.reply === undefined
        ? empty(200)
        : c.body(receipt.reply.body, 200, { 'Content-Type': receipt.reply.contentType });
    case 'forged':
      return empty(401);
    case 'unreadable':
      return c.json({ error: receipt.reason }, 400);
    case 'unavailable':
      return unavailable();
  }
};

// its length is said: Node would otherwise frame nothing at all as a chunked body, in a second write
const empty = (status: number, headers?: Readonly<Record<string, string>>): Response =>
  new Response(null, { status, headers: { ...headers, 'Content-Length': '0' } });

const unavailable = (): Response => empty(503, { 'Retry-After': '1' });

const tell = (log: Log, { template: route }: Route, receipt: Receipt, bytes: number): void => {
  const { outcome, connection } = receipt;
  switch (outcome) {
    case 'accepted':
      log.info({ route, connection, outcome, delivery: receipt.delivery, hints: receipt.hints, bytes }, 'webhook');
      return;
    case 'forged':
      log.warn({ route, connection, outcome, hints: 0, bytes }, 'webhook');
      return;
    case 'unreadable':
      log.warn({ route, connection, outcome, hints: 0, bytes, reason: receipt.reason }, 'webhook');
      return;
    case 'unavailable':
      log.error(
        { route, connection, outcome, hints: receipt.hints, bytes, failure: failureOf(receipt.cause) },
        'webhook',
      );
  }
};

/** A stable name: the text of a foreign error might quote what it choked on. */
const failureOf = (error: unknown): string =>
  error instanceof PipelineError ? error.code : error instanceof Error ? error.name : 'unknown';
