import { describe, expect, it } from 'vitest';
import { dynamoDbModelRegistry } from '#shared/adapters/dynamodb/models/model-registry.ts';
import { firstPointer } from '#shared/domain/publication.ts';
import { acme } from '../contract/customer-states.ts';
import { modelRegistryContract } from '../contract/model-registry.ts';
import { client, freshTable } from './dynamodb-table.ts';
import { tamperedClient, timedOut } from './tampered-client.ts';

modelRegistryContract('DynamoDB', async () => {
  const table = await freshTable();
  const open = () => dynamoDbModelRegistry({ client, table });
  return { registry: open(), another: async () => open(), close: async () => undefined };
});

describe('dynamoDbModelRegistry', () => {
  it('knows its own put again although the first answer was lost', async () => {
    let swallowed = false;
    const deaf = tamperedClient(async ({ send }) => {
      await send();
      if (swallowed) return;
      swallowed = true;
      throw timedOut();
    });
    const registry = dynamoDbModelRegistry({ client: deaf, table: await freshTable() });
    const model = { id: 'abc', version: 1, hash: 'ab'.repeat(32) };
    const pointer = firstPointer({ models: [model], at: 1, by: 'start', why: 'first start', alerts: 'send' });
    expect(await registry.putPointer(acme, pointer)).toBe(true);
    expect(swallowed).toBe(true);
    expect(await registry.putPointer(acme, pointer)).toBe(false);
  });
});
