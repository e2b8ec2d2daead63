import { topics } from '../../definitions/topics.ts';
import type { DeadLetters } from '../../ports/dead-letters.ts';
import type { MemoryStream } from './stream.ts';

/** The dead letters of a stream that lives as long as the object. */
export const memoryDeadLetters = (stream: MemoryStream): DeadLetters => ({
  read: async function* () {
    yield* stream.recordsOf(topics.dead);
  },
});
