import { existsSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { topics } from '../../shared/definitions/topics.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Stream } from '../../shared/ports/stream.ts';
import { PublicationAnswer, PublicationRequest } from './publications.ts';

/** One line of JSON each way. Records keep their order; their instant is the node's now. */
export const ControlRequest = z.discriminatedUnion('command', [
  z.strictObject({
    command: z.literal('append'),
    topic: z.enum(Object.values(topics)),
    records: z.array(z.strictObject({ key: z.string(), value: z.string() })).max(10_000),
  }),
  ...PublicationRequest.options,
]);
export type ControlRequest = z.infer<typeof ControlRequest>;

export const ControlAnswer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), publication: PublicationAnswer.optional() }),
  z.object({ ok: z.literal(false), problem: z.string() }),
]);
export type ControlAnswer = z.infer<typeof ControlAnswer>;

/** Beside the store: who may read its folder may write to the node. */
export const controlSocketOf = (file: string): string => `${file}.sock`;

/** The system's limit for a socket's path, less where it counts the end of the text. */
const longestPath = process.platform === 'linux' ? 107 : 103;

export interface ControlParts {
  /** Resolves its appends when they are on disk. */
  readonly stream: Pick<Stream, 'append'>;
  readonly publish: (request: PublicationRequest) => Promise<PublicationAnswer>;
  readonly log: Log;
}

export interface Control {
  /** Ends after the requests in hand. */
  stop(): Promise<void>;
}

/**
 * Lets commands of this user write through the node that runs on a store: only it may write into the file. Called by whoever
 * holds the store's lock. Where the system gives no socket there, it says so: commands have to wait until the node stops then.
 */
export const serveControl = async (file: string, parts: ControlParts): Promise<Control> => {
  const open = new Map<Socket, { readonly worked: () => Promise<void> }>();
  const server = createServer((socket) => {
    const worked = answerAll(socket, parts);
    open.set(socket, { worked });
    socket.on('close', () => open.delete(socket));
  });
  try {
    await listenAlone(server, controlSocketOf(file));
  } catch (error) {
    const failure = error instanceof Error ? error.message : 'unknown';
    parts.log.warn({ failure }, 'there is no control socket: commands cannot write while this node runs');
    return { stop: () => Promise.resolve() };
  }
  return {
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const [socket, { worked }] of open) void worked().then(() => socket.destroySoon());
      await closed;
    },
  };
};

/** The socket is this user's alone from the first moment on. */
const listenAlone = async (server: Server, path: string): Promise<void> => {
  if (Buffer.byteLength(path) > longestPath) throw new Error('the path of the store is too long for a socket');
  // what a killed node left behind; the lock says that no other one lives
  if (existsSync(path)) rmSync(path);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).once('listening', () => {
      server.off('error', reject);
      resolve();
    });
    // the file is made before listen returns
    const before = process.umask(0o177);
    server.listen(path);
    process.umask(before);
  });
};

/** Answers line by line, in order. Returns how to wait for those in hand. */
const answerAll = (socket: Socket, parts: ControlParts): (() => Promise<void>) => {
  let worked = Promise.resolve();
  const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on('line', (line) => {
    worked = worked.then(async () => {
      const answer = await answerTo(line, parts);
      socket.write(`${JSON.stringify(answer)}\n`);
    });
  });
  // a caller that went away was not answered: it asks again
  for (const source of [socket, lines]) source.on('error', () => socket.destroy());
  return () => worked;
};

const answerTo = async (line: string, parts: ControlParts): Promise<ControlAnswer> => {
  const request = requestOf(line);
  if (request === undefined) return { ok: false, problem: 'not a request that this node understands' };
  try {
    return await answerAsked(request, parts);
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : 'unknown' };
  }
};

const answerAsked = async (request: ControlRequest, { stream, publish, log }: ControlParts): Promise<ControlAnswer> => {
  if (request.command === 'append') {
    await stream.append(request.topic, request.records);
    log.info({ topic: request.topic, records: request.records.length }, 'appended for a command');
    return { ok: true };
  }
  const publication = await publish(request);
  const { command, by } = request;
  log.info({ command, by, outcome: publication.outcome }, 'asked by a command');
  return { ok: true, publication };
};

const requestOf = (line: string): ControlRequest | undefined => {
  try {
    return ControlRequest.safeParse(JSON.parse(line)).data;
  } catch {
    // not even JSON
    return undefined;
  }
};
