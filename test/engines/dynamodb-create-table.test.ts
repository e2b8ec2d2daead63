import { randomUUID } from 'node:crypto';
import { DescribeTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { createTable } from '#shared/adapters/dynamodb/table/create-table.ts';
import { client } from './dynamodb-table.ts';
import { tamperedClient, timedOut } from './tampered-client.ts';

/** Carries out the first attempt of a command and does not tell. */
const losing = (lost: string) => {
  let isFirst = true;
  return tamperedClient(async ({ command, send }) => {
    await send();
    if (command !== lost || !isFirst) return;
    isFirst = false;
    throw timedOut();
  });
};

it.each(['CreateTableCommand', 'UpdateTimeToLiveCommand'])(
  'makes a table although the first answer to %s got lost',
  async (lost) => {
    const name = `regrade-made-${randomUUID().slice(0, 8)}`;
    await createTable(losing(lost), name);
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: name }));
    expect(TimeToLiveDescription).toMatchObject({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' });
  },
);

it('does not take a table for its own that was there', async () => {
  const name = `regrade-made-${randomUUID().slice(0, 8)}`;
  await createTable(client, name);
  await expect(createTable(client, name)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
});
