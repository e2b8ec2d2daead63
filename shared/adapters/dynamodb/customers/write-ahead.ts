import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { answered, type Item, putAll, sideBySide, type Table } from '../table/requests.ts';

/** DynamoDB's own limit of one request. */
const itemsPerWrite = 25;
/** Requests in flight of one call. */
const width = 8;

/** Puts the items of all owners in as few requests as it takes. Returns the owners of which an item may be missing, and why. */
export const putAhead = async <O extends { readonly ahead: readonly Item[] }>(
  store: Table,
  owners: readonly O[],
): Promise<ReadonlyMap<O, unknown>> => {
  const items = owners.flatMap((owner) => owner.ahead.map((item) => ({ owner, item })));
  const failures = new Map<O, unknown>();
  await sideBySide(pagesOf(items), width, async (page) => {
    try {
      await putAll(
        store,
        page.map(({ item }) => item),
      );
    } catch (cause) {
      for (const { owner } of page) failures.set(owner, cause);
    }
  });
  return failures;
};

/** Deletes what nothing names any more. Best effort: what cannot be deleted now is found by the audit. */
export const deleteAhead = async (store: Table, keys: readonly Item[]): Promise<void> => {
  await sideBySide(pagesOf(keys), width, async (page) => {
    try {
      await deletePage(store, page);
    } catch {
      return; // nobody reads it
    }
  });
};

/** Deletes without a condition. @throws {PipelineError} `STORE_UNAVAILABLE`, retryable. */
export const deleteAll = async (store: Table, keys: readonly Item[]): Promise<void> => {
  for (const page of pagesOf(keys)) {
    let left: readonly Item[] = page;
    for (let attempt = 0; left.length > 0; attempt += 1) {
      if (attempt > 0) await store.pause(50 * 2 ** Math.min(attempt, 6));
      left = await deletePage(store, left);
    }
  }
};

/** Returns the keys that DynamoDB left over. */
const deletePage = async ({ client, name }: Table, keys: readonly Item[]): Promise<readonly Item[]> => {
  const requests = keys.map((Key) => ({ DeleteRequest: { Key } }));
  const command = new BatchWriteItemCommand({ RequestItems: { [name]: requests } });
  const { UnprocessedItems } = await answered('delete items', () => client.send(command));
  return (UnprocessedItems?.[name] ?? []).flatMap(({ DeleteRequest }) =>
    DeleteRequest?.Key === undefined ? [] : [DeleteRequest.Key],
  );
};

const pagesOf = <T>(all: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / itemsPerWrite) }, (_, page) =>
    all.slice(page * itemsPerWrite, (page + 1) * itemsPerWrite),
  );
