import { memoryDeadLetters } from '#shared/adapters/memory/dead-letters.ts';
import { memoryStream } from '#shared/adapters/memory/stream.ts';
import { deadLettersContract } from '../../contract/dead-letters.ts';

deadLettersContract('memory', async () => {
  const stream = memoryStream({ now: () => 1_700_000_000_000 });
  return { stream, letters: memoryDeadLetters(stream), close: async () => undefined };
});
