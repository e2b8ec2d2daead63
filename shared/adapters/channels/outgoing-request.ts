import { lookup as resolve } from 'node:dns';
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { mayReach } from './public-address.ts';

export interface OutgoingRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type OutgoingAnswer =
  /** `complete` is false when the body was cut: too long, or it stopped coming. */
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfter: string | undefined;
      readonly body: string;
      readonly complete: boolean;
    }
  /** The address is not one that requests may go to. Nothing was sent. */
  | { readonly kind: 'blocked'; readonly reason: string }
  /** No connection: nothing was sent. */
  | { readonly kind: 'unreached'; readonly reason: string }
  /** Connected, and no answer came: it may or may not have been taken. */
  | { readonly kind: 'unanswered'; readonly reason: string };

export interface OutgoingOptions {
  /** Lets requests go to this machine itself: for tests and trials. */
  readonly allowLoopback: boolean;
  /** From the first byte to the last, connecting included. */
  readonly timeoutMs?: number;
  /** Answers are read this far. */
  readonly maxAnswerBytes?: number;
}

export type SendRequest = (request: OutgoingRequest) => Promise<OutgoingAnswer>;

/**
 * The one way out over HTTP: a POST that follows no redirect, checks the certificate, and connects to public addresses only.
 * The check is on the address that is connected to, so a name that resolves differently a moment later does not get around it.
 */
export const outgoingRequest = ({
  allowLoopback,
  timeoutMs = 15_000,
  maxAnswerBytes = 64 * 1024,
}: OutgoingOptions): SendRequest => {
  const agents = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) };
  const lookup = guardedLookup(allowLoopback);
  return ({ url, headers, body }) => {
    const protocol = url.protocol === 'https:' ? 'https:' : 'http:';
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    if (url.protocol !== protocol) return Promise.resolve({ kind: 'blocked', reason: `${url.protocol} is not spoken` });
    if (isIP(literal) !== 0 && !mayReach(literal, allowLoopback))
      return Promise.resolve({ kind: 'blocked', reason: blockedReason });
    const open = protocol === 'https:' ? httpsRequest : httpRequest;
    const request = open(url, {
      method: 'POST',
      agent: agents[protocol],
      lookup,
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    });
    return answerOf(request, body, timeoutMs, maxAnswerBytes);
  };
};

const blockedReason = 'the address is private or reserved';

class BlockedAddress extends Error {}

const guardedLookup =
  (allowLoopback: boolean): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = error === null ? addresses : [];
      if (error !== null) callback(error, '');
      // one private address among several is a trick, not a choice
      else if (first === undefined || !addresses.every(({ address }) => mayReach(address, allowLoopback)))
        callback(new BlockedAddress(blockedReason), '');
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };

const answerOf = (request: ClientRequest, body: string, timeoutMs: number, maxBytes: number): Promise<OutgoingAnswer> =>
  new Promise((settle) => {
    let connected = false;
    let reading: (() => void) | undefined;
    const finish = (answer: OutgoingAnswer): void => {
      clearTimeout(deadline);
      settle(answer);
    };
    const fail = (error: Error): void => {
      const reason = 'code' in error ? String(error.code) : error.message;
      if (error instanceof BlockedAddress) finish({ kind: 'blocked', reason });
      else finish({ kind: connected ? 'unanswered' : 'unreached', reason });
    };
    const deadline = setTimeout(() => {
      if (reading === undefined) fail(new Error(`no answer within ${timeoutMs} ms`));
      else reading();
      request.destroy();
    }, timeoutMs);
    request.on('socket', (socket: Socket) => {
      const ready = 'encrypted' in socket ? 'secureConnect' : 'connect';
      if (request.reusedSocket) connected = true;
      else socket.once(ready, () => (connected = true));
    });
    request.on('error', fail);
    request.on('response', (response) => {
      reading = readAnswer(response, maxBytes, finish);
    });
    request.end(body);
  });

/** Returns what ends the reading early: the status stands, the body is what came so far. */
const readAnswer = (
  response: IncomingMessage,
  maxBytes: number,
  finish: (answer: OutgoingAnswer) => void,
): (() => void) => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const end = (complete: boolean): void => {
    const body = Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8');
    finish({
      kind: 'answered',
      status: response.statusCode ?? 0,
      retryAfter: response.headers['retry-after'],
      body,
      complete,
    });
  };
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes <= maxBytes) return;
    end(false);
    response.destroy();
  });
  response.on('end', () => end(true));
  response.on('error', () => end(false));
  return () => end(false);
};
