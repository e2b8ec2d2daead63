import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamoDbCohortStore } from '#shared/adapters/dynamodb/cohorts/cohort-store.ts';
import { connectDynamoDb } from '#shared/adapters/dynamodb/table/connect.ts';
import { CohortId } from '#shared/domain/cohort.ts';
import type { CohortHead, NetMove } from '#shared/domain/cohort-head.ts';
import { afterAll, type RankKey, rankKeyOf, scorePrefix } from '#shared/domain/rank-key.ts';
import type { CohortStore, RowRange } from '#shared/ports/cohort-store.ts';
import { seeded } from '../bench/grading-model.ts';
import { cohortStoreContract } from '../contract/cohort-store.ts';
import { acme, customerOf, firstInstant } from '../contract/customer-states.ts';
import { faultyDynamoDb } from '../kit/faulty-dynamodb.ts';
import { failingAfter } from './ailing-client.ts';
import { client, freshClient, freshTable } from './dynamodb-table.ts';
import { tamperedClient, timedOut } from './tampered-client.ts';

cohortStoreContract('DynamoDB', async () => {
  const table = await freshTable();
  const open = () => dynamoDbCohortStore({ client, table });
  return { store: open(), another: async () => open(), close: async () => undefined };
});

const cohort = CohortId.parse('abc:3f2a9c01d4e7:wholesale#北方');
const keyOf = (score: number, customer: number): RankKey => rankKeyOf([score], customerOf(`c${customer}`));

const join = (customer: number, score: number): NetMove => moveOf(customer, { version: 1, score });

interface Step {
  readonly version: number;
  readonly from?: number;
  /** Absent: it leaves. */
  readonly score?: number;
}

const moveOf = (customer: number, { version, from, score }: Step): NetMove => ({
  customer: customerOf(`c${customer}`),
  old: from === undefined ? null : keyOf(from, customer),
  key: score === undefined ? null : keyOf(score, customer),
  version,
  zone: score === undefined ? null : 0,
});

const everything: RowRange = { limit: 10_000 };

const rowsOf = (store: CohortStore, range: RowRange = everything): Promise<readonly RankKey[]> =>
  store.readRows(acme, cohort, range);

/** Row items as they are stored, those that count for nothing included. */
const storedRows = async (table: string): Promise<readonly string[]> => {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
  return Items.map(({ sk }) => sk?.S ?? '')
    .filter((sort) => sort.startsWith('ROW#'))
    .map((sort) => sort.slice('ROW#'.length).replace(/ \d+$/, ''))
    .sort();
};

describe('rows of a cohort on DynamoDB', () => {
  const scores = [1e9, 4_096, 4_095.5, 100, 99, 65, 64, 63.9, 3, 1, 0.5, 0.001, 0, 0, 0, -0.25, -7, -1e6, Number.NaN];
  const all = scores.map((score, i) => keyOf(score, i)).sort();

  const filled = async (): Promise<CohortStore> => {
    const store = dynamoDbCohortStore({ client, table: await freshTable() });
    await store.applyMoves(
      acme,
      cohort,
      scores.map((score, i) => join(i, score)),
    );
    return store;
  };

  it('are walked in the order of their keys, from any bound to any other, in both directions, over all shards', async () => {
    const store = await filled();
    const bounds = [
      undefined,
      ...all,
      ...all.map((key) => `${scorePrefix(key)}${afterAll}`),
      ...all.map(scorePrefix),
      all[4]!.slice(0, 2),
      afterAll,
    ];
    const random = seeded(7);
    const draw = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
    for (let i = 0; i < 300; i += 1) {
      const [after, upTo] = [draw(bounds), draw(bounds)];
      const [backwards, limit] = [random() < 0.5, draw([1, 2, 5, 100])];
      const range = {
        ...(after === undefined ? {} : { after }),
        ...(upTo === undefined ? {} : { upTo }),
        ...(random() < 0.2 && !backwards ? {} : { backwards }),
        limit,
      };
      const within = all.filter((key) => key > (after ?? '') && key <= (upTo ?? afterAll));
      expect(await rowsOf(store, range), JSON.stringify(range)).toEqual(
        (backwards ? within.reverse() : within).slice(0, limit),
      );
    }
  });

  it('are read in one query next to a cut, without asking which shards there are', async () => {
    const table = await freshTable();
    const seen: string[] = [];
    const watched = tamperedClient(async ({ command, send }) => {
      seen.push(command);
      await send();
    });
    const store = dynamoDbCohortStore({ client: watched, table });
    await store.applyMoves(
      acme,
      cohort,
      scores.map((score, i) => join(i, score)),
    );
    seen.length = 0;
    expect(await rowsOf(store, { after: all[3]!, limit: 1 })).toEqual([all[4]]);
    expect(seen).toEqual(['QueryCommand', 'BatchGetItemCommand']);
  });

  it('are passed over and deleted where the place says otherwise, however many there are', async () => {
    const table = await freshTable();
    const store = dynamoDbCohortStore({ client, table });
    const members = Array.from({ length: 40 }, (_, i) => i);
    await store.applyMoves(
      acme,
      cohort,
      members.map((i) => join(i, 100 + i)),
    );
    const { Items: before = [] } = await client.send(new ScanCommand({ TableName: table }));
    await store.applyMoves(
      acme,
      cohort,
      members.map((i) => moveOf(i, { version: 2, from: 100 + i, ...(i < 10 ? {} : { score: i + 0.5 }) })),
    );
    const expected = members
      .slice(10)
      .map((i) => keyOf(i + 0.5, i))
      .sort();
    for (const Item of before.filter(({ sk }) => sk?.S?.startsWith('ROW#') === true))
      await client.send(new PutItemCommand({ TableName: table, Item }));
    expect(await storedRows(table)).toHaveLength(70);
    expect(await rowsOf(store, { limit: 3 })).toEqual(expected.slice(0, 3));
    expect(await rowsOf(store)).toEqual(expected);
    expect(await storedRows(table)).toEqual(expected);
  });
});

describe('moves of a cohort on DynamoDB', () => {
  const first = Array.from({ length: 12 }, (_, i) => join(i, 2 ** (i % 7) + i / 100));
  /** Four stay, four move, two leave, two come to where they were, three come. */
  const second: readonly NetMove[] = [
    ...first.slice(4, 8).map((move, i) => ({ ...move, ...moved(move, keyOf(300 - i, 4 + i)) })),
    ...first.slice(8, 10).map((move) => ({ ...move, ...moved(move, null) })),
    ...first.slice(10).map((move) => ({ ...move, ...moved(move, move.key) })),
    ...Array.from({ length: 3 }, (_, i) => join(100 + i, -i)),
  ];
  const expected = [...first.slice(0, 4), ...second].flatMap(({ key }) => key ?? []).sort();

  const placesOf = async (store: CohortStore) => {
    const customers = [...first, ...second].map(({ customer }) => customer);
    return store.findPlaces(acme, cohort, customers);
  };
  const expectedPlaces = new Map(
    [...first, ...second].map(({ customer, key, version }) => [customer, { key, version }]),
  );

  it('are whole after a crash between any two requests, once they are made again', async () => {
    for (let writes = 0; ; writes += 1) {
      const table = await freshTable();
      const store = dynamoDbCohortStore({ client, table });
      await store.applyMoves(acme, cohort, first);
      const dying = freshClient();
      failingAfter(dying, writes);
      const survived = await dynamoDbCohortStore({ client: dying, table })
        .applyMoves(acme, cohort, second)
        .then(
          () => true,
          () => false,
        );
      // who looks in between, an audit, heals nothing away
      await rowsOf(store);
      if (!survived) await store.applyMoves(acme, cohort, second);
      expect(await storedRows(table), `after ${writes} writes`).toEqual(expected);
      expect(await rowsOf(store)).toEqual(expected);
      expect(await placesOf(store)).toEqual(expectedPlaces);
      if (survived) {
        expect(writes).toBeGreaterThan(10);
        return;
      }
    }
  }, 120_000);

  it('may be made any number of times', async () => {
    const table = await freshTable();
    const store = dynamoDbCohortStore({ client, table });
    for (const moves of [first, first, second, second, first, second]) await store.applyMoves(acme, cohort, moves);
    expect(await storedRows(table)).toEqual(expected);
    expect(await placesOf(store)).toEqual(expectedPlaces);
  });

  it('are whole on a table of which every fifth call fails', async () => {
    const table = await freshTable();
    const faulty = freshClient();
    const faults = faultyDynamoDb(faulty, { rate: 0.2, random: seeded(5) });
    const store = dynamoDbCohortStore({ client: faulty, table });
    for (const moves of [first, second])
      for (let done = false; !done; )
        done = await store.applyMoves(acme, cohort, moves).then(
          () => true,
          () => false,
        );
    expect(Math.min(faults.throttled, faults['timed-out-before'], faults['timed-out-after'])).toBeGreaterThan(0);
    expect(await storedRows(table)).toEqual(expected);
    expect(await placesOf(store)).toEqual(expectedPlaces);
  });

  it('change nothing that counts when a writer that was held up makes them after later ones', async () => {
    const a = 1;
    const there = moveOf(a, { version: 2, from: 10, score: 20 });
    const back = moveOf(a, { version: 3, from: 20, score: 10 });
    for (let held = 0; held < 3; held += 1) {
      const table = await freshTable();
      const store = dynamoDbCohortStore({ client, table });
      await store.applyMoves(acme, cohort, [join(a, 10), join(2, 15)]);
      const gate = gateAt(held);
      const late = dynamoDbCohortStore({ client: tamperedClient(gate.pass), table }).applyMoves(acme, cohort, [there]);
      await gate.reached;
      await store.applyMoves(acme, cohort, [there]);
      await store.applyMoves(acme, cohort, [back]);
      gate.open();
      await late;
      expect(await rowsOf(store), `held at request ${held}`).toEqual([keyOf(15, 2), keyOf(10, a)]);
      expect(await storedRows(table)).toEqual([keyOf(15, 2), keyOf(10, a)]);
      expect(await store.findPlaces(acme, cohort, [customerOf('c1')])).toEqual(
        new Map([[customerOf('c1'), { key: keyOf(10, a), version: 3 }]]),
      );
    }
  });

  it('end in what the newest of them say, by however many writers each was made and left off', async () => {
    const random = seeded(23);
    const table = await freshTable();
    const standing = new Map<number, { score: number | undefined; version: number }>();
    const late: Promise<unknown>[] = [];
    for (let batch = 0; batch < 25; batch += 1) {
      const moves = Array.from({ length: 12 }, () => Math.floor(random() * 15))
        .filter((customer, i, drawn) => drawn.indexOf(customer) === i)
        .map((customer) => {
          const { score: from, version = 0 } = standing.get(customer) ?? {};
          const score = random() < 0.2 ? undefined : Math.floor(random() * 4) * 10;
          standing.set(customer, { score, version: version + 1 });
          return moveOf(customer, {
            version: version + 1,
            ...(from === undefined ? {} : { from }),
            ...(score === undefined ? {} : { score }),
          });
        });
      // some die, some dawdle into the next batches; one does it
      for (let writer = 0; writer < 3; writer += 1) {
        const dawdling = tamperedClient(async ({ send }) => {
          await new Promise((resolve) => setTimeout(resolve, random() * 30));
          if (random() < 0.05) throw timedOut();
          await send();
        });
        late.push(
          dynamoDbCohortStore({ client: dawdling, table })
            .applyMoves(acme, cohort, moves)
            .catch(() => undefined),
        );
      }
      await dynamoDbCohortStore({ client, table }).applyMoves(acme, cohort, moves);
    }
    const expectedRows = [...standing]
      .flatMap(([customer, { score }]) => (score === undefined ? [] : [keyOf(score, customer)]))
      .sort();
    const store = dynamoDbCohortStore({ client, table });
    expect(await rowsOf(store)).toEqual(expectedRows);
    await Promise.all(late);
    expect(await rowsOf(store)).toEqual(expectedRows);
    expect(await storedRows(table)).toEqual(expectedRows);
  }, 60_000);
});

describe('a head on DynamoDB', () => {
  const head: CohortHead = { cohort, revision: 1, version: 0, members: 0, worth: '0', cuts: [] };

  it('is known again by who put it when the answer got lost', async () => {
    const table = await freshTable();
    const losing = freshClient();
    const store = dynamoDbCohortStore({ client: losing, table });
    await store.putHead(acme, head);
    const draws = [0, 0.9];
    const faults = faultyDynamoDb(losing, { rate: 0.5, random: () => draws.shift() ?? 1 });
    expect(await store.putHead(acme, { ...head, revision: 2 })).toBe(true);
    expect(faults['timed-out-after']).toBe(1);
    expect(await store.putHead(acme, { ...head, revision: 2 })).toBe(false);
  });

  it('stays far below 100 KB with an open batch of 250 moves', async () => {
    const table = await freshTable();
    const random = seeded(3);
    const moves = Array.from({ length: 250 }, (_, i) =>
      moveOf(554_023_000_000_527_000 + i, {
        version: 1 + Math.floor(random() * 900),
        from: random() * 1e5,
        score: random() * 1e5,
      }),
    );
    await dynamoDbCohortStore({ client, table }).putHead(acme, { ...head, open: { moves, at: firstInstant } });
    const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
    const item = Items.find(({ sk }) => sk?.S === 'HEAD');
    expect(item?.['head']?.B?.length).toBeLessThan(20_000);
  });

  it('is refused where it is not what this store writes', async () => {
    const table = await freshTable();
    const store = dynamoDbCohortStore({ client, table });
    await store.putHead(acme, head);
    const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
    const item = Items.find(({ sk }) => sk?.S === 'HEAD')!;
    await client.send(new PutItemCommand({ TableName: table, Item: { ...item, head: { B: new Uint8Array([1, 9]) } } }));
    await expect(store.findHeads(acme, [cohort])).rejects.toMatchObject({ code: 'STORE_CORRUPT', retryable: false });
  });

  it('is unavailable when nobody answers', async () => {
    const nobody = connectDynamoDb({ endpoint: 'http://127.0.0.1:1' });
    const store = dynamoDbCohortStore({ client: nobody, table: 'none' });
    const unavailable = { code: 'STORE_UNAVAILABLE', retryable: true };
    await expect(store.findHeads(acme, [cohort])).rejects.toMatchObject(unavailable);
    await expect(store.putHead(acme, head)).rejects.toMatchObject(unavailable);
    await expect(store.applyMoves(acme, cohort, [join(1, 1)])).rejects.toMatchObject(unavailable);
    await expect(rowsOf(store)).rejects.toMatchObject(unavailable);
    nobody.destroy();
  });
});

const moved = (before: Pick<NetMove, 'key'>, key: RankKey | null) => ({ old: before.key, key, version: 2 });

/** Lets so many requests of a client pass and holds the next until it is opened. */
const gateAt = (passes: number) => {
  let open: () => void = () => undefined;
  let reach: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (reach = resolve));
  let seen = 0;
  return {
    open: () => open(),
    reached,
    pass: async ({ send }: { readonly send: () => Promise<void> }): Promise<void> => {
      seen += 1;
      if (seen === passes + 1) {
        reach();
        await opened;
      }
      await send();
    },
  };
};
