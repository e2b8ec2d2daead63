import { setTimeout as pause } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import type { CallFault, PendingFaults } from './stand-in-faults.ts';
import type { StandInTokens } from './stand-in-tokens.ts';

export interface GateSettings {
  readonly tokens: StandInTokens;
  readonly pending: PendingFaults;
  /** Calls at the same time; one more is refused. */
  readonly concurrency: number;
  /** Calls of this server's life; one more is refused. */
  readonly credits: number;
  readonly slowMs: number;
}

interface Refusal {
  readonly status: 401 | 429 | 503;
  readonly code: string;
  readonly message: string;
}

const invalidToken: Refusal = { status: 401, code: 'INVALID_TOKEN', message: 'invalid oauth token' };
const noToken: Refusal = { status: 401, code: 'AUTHENTICATION_FAILURE', message: 'Authentication failed' };
const limit = (message: string): Refusal => ({ status: 429, code: 'TOO_MANY_REQUESTS', message });
const creditsSpent = limit('Your API requests for the 24 hour period have been exhausted: no credits are left');
const poolFull = limit('You have reached the concurrency limit of the user for the app');

const refusals: Record<Exclude<CallFault, 'slow' | 'half'>, Refusal> = {
  credits: creditsSpent,
  concurrency: poolFull,
  'sub-concurrency': limit('You have reached the sub-concurrency limit for this operation'),
  'unclear-limit': limit('You have crossed either the credits of the 24 hour window or the concurrency limit'),
  'expired-token': invalidToken,
  unavailable: { status: 503, code: 'INTERNAL_ERROR', message: 'Internal server error' },
};

/** What stands before every call of the API: token, limits, and the troubles that were ordered. */
export const standInGate = (settings: GateSettings): MiddlewareHandler => {
  const { tokens, pending } = settings;
  let inFlight = 0;
  let used = 0;
  const refusalOf = (token: string | undefined, fault: CallFault | undefined): Refusal | undefined => {
    if (token === undefined) return noToken;
    if (!tokens.isLive(token)) return invalidToken;
    if (fault === 'expired-token') tokens.expire(token);
    if (fault !== undefined && fault !== 'slow' && fault !== 'half') return refusals[fault];
    if (used >= settings.credits) return creditsSpent;
    return inFlight >= settings.concurrency ? poolFull : undefined;
  };
  return async (c, next) => {
    const fault = c.req.method === 'GET' ? pending.nextRead() : pending.nextWrite();
    const refusal = refusalOf(tokenOf(c), fault);
    if (refusal !== undefined) {
      const { status, code, message } = refusal;
      return c.json({ code, details: {}, message, status: 'error' }, status);
    }
    used += 1;
    inFlight += 1;
    try {
      if (fault === 'slow') await pause(settings.slowMs);
      await next();
    } finally {
      inFlight -= 1;
    }
    // Zoho tells only once half of the credits are used
    if (used * 2 >= settings.credits) c.header('X-API-CREDITS-REMAINING', String(settings.credits - used));
    if (fault === 'half') await sendHalf(c);
    return undefined;
  };
};

const tokenOf = (c: Context): string | undefined =>
  /^(?:Zoho-oauthtoken|Bearer) (.+)$/.exec(c.req.header('authorization') ?? '')?.[1];

/** Announces the whole answer, sends half of it and drops the connection. */
const sendHalf = async (c: Context): Promise<void> => {
  const { outgoing, incoming } = c.env as HttpBindings;
  const text = await c.res.text();
  outgoing.once('finish', () => incoming.socket.destroy());
  c.res = undefined;
  c.res = new Response(text.slice(0, text.length / 2), {
    headers: { 'content-type': 'application/json', 'content-length': String(Math.max(2, Buffer.byteLength(text))) },
  });
};
