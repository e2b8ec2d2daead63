import { memoryStream } from '#shared/adapters/memory/stream.ts';
import { streamContract } from '../../contract/stream.ts';

streamContract(
  'memory',
  async () => {
    const stream = memoryStream({ now: () => 1_700_000_000_000, retryAfterMs: 1 });
    return { stream, another: async () => stream, close: async () => undefined };
  },
  { stamps: 'appender' },
);
