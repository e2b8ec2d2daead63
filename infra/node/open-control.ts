import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { PipelineError } from '../../shared/domain/pipeline-error.ts';
import type { Stream } from '../../shared/ports/stream.ts';
import { ControlAnswer, type ControlRequest, controlSocketOf } from './control-socket.ts';
import type { PublicationAnswer, PublicationRequest } from './publications.ts';

/** Writes into the store of a running node, through it. */
export interface NodeControl extends Pick<Stream, 'append'> {
  /** @throws {PipelineError} as `append`. */
  publish(request: PublicationRequest): Promise<PublicationAnswer>;
  close(): void;
}

/**
 * The node that runs on a store; undefined where none answers there. Appends go one after the other.
 *
 * @throws {PipelineError} `STORE_UNAVAILABLE`, retryable, from `append`: the node refused, or went away.
 */
export const openControl = async (file: string): Promise<NodeControl | undefined> => {
  const socket = await connected(controlSocketOf(file));
  if (socket === undefined) return undefined;
  const answers = answersOf(socket);
  const ask = async (request: ControlRequest): Promise<Extract<ControlAnswer, { ok: true }>> => {
    socket.write(`${JSON.stringify(request)}\n`);
    const answer = await nextAnswer(answers);
    if (answer.ok) return answer;
    throw new PipelineError('STORE_UNAVAILABLE', answer.problem, { retryable: true });
  };
  return {
    append: async (topic, records) => {
      await ask({ command: 'append', topic, records: records.map(({ key, value }) => ({ key, value })) });
    },
    publish: async (request) => {
      const { publication } = await ask(request);
      if (publication !== undefined) return publication;
      throw new PipelineError('STORE_UNAVAILABLE', 'the node did not say what became of it', { retryable: true });
    },
    close: () => socket.destroy(),
  };
};

/** Undefined where there is no socket, or one that a killed node left behind. */
const connected = (path: string): Promise<Socket | undefined> =>
  new Promise((resolve, reject) => {
    const socket = connect(path);
    const refused = (error: NodeJS.ErrnoException): void => {
      if (['ENOENT', 'ECONNREFUSED', 'EINVAL', 'ENAMETOOLONG'].includes(error.code ?? '')) resolve(undefined);
      else reject(error);
    };
    socket.once('error', refused).once('connect', () => {
      // from now on a broken connection ends the answers, which tells the caller
      socket.off('error', refused).on('error', () => socket.destroy());
      resolve(socket);
    });
  });

const answersOf = (socket: Socket): AsyncIterator<string> =>
  createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();

const nextAnswer = async (answers: AsyncIterator<string>): Promise<ControlAnswer> => {
  try {
    const line = await answers.next();
    if (line.done !== true) return ControlAnswer.parse(JSON.parse(line.value));
  } catch (cause) {
    throw new PipelineError('STORE_UNAVAILABLE', 'the node gave no answer that can be read', {
      retryable: true,
      cause,
    });
  }
  return { ok: false, problem: 'the node went away before it answered' };
};
