import { memoryRelay } from '#shared/adapters/memory/relay.ts';
import { relayContract } from '../../contract/relay.ts';

relayContract('memory', async () => {
  const relay = memoryRelay();
  return { relay, another: async () => relay, close: async () => undefined };
});
