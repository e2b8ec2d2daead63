import fc from 'fast-check';
import { groups } from '#shared/definitions/topics.ts';
import type { Hint } from '#shared/domain/hint.ts';
import { ConnectionId, type CustomerId, customerIdOf } from '#shared/domain/ids.ts';
import { canonicalJson } from '#shared/domain/json.ts';
import type { RecordContent } from '#shared/domain/mapping-outcome.ts';
import type { CrmMood } from '../kit/fake-crm.ts';
import { crm, type Plant, plantStart, shop, tenant } from '../kit/plant.ts';

export const day = 86_400_000;

/** What one record says next; numbers pick from a small population. */
export interface Say {
  readonly object: 'customer' | 'invoice';
  readonly record: number;
  readonly owner: number;
  readonly amount: number;
  readonly paidDaysAgo: number;
  /** Seconds by which its modification instant lies behind. */
  readonly late: number;
  readonly what: 'upsert' | 'delete' | 'draft' | 'orphan' | 'unreadable';
}

export type Step =
  | { readonly do: 'deliver'; readonly says: readonly Say[] }
  /** An earlier delivery arrives once more, under its own id, now. */
  | { readonly do: 'repeat'; readonly delivery: number }
  /** The CRM's record changes and a thin hint tells of it. */
  | { readonly do: 'hint'; readonly say: Say; readonly fields: 'none' | 'own' | 'mixed' }
  | { readonly do: 'stray'; readonly kind: 'unmapped' | 'unknown-connection' | 'malformed' | 'no-credentials' }
  | { readonly do: 'read'; readonly mood: CrmMood }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'rewind'; readonly group: 'resolve' | 'grade'; readonly records: number }
  | { readonly do: 'work' };

const anySay: fc.Arbitrary<Say> = fc.record({
  object: fc.constantFrom('customer', 'invoice', 'invoice'),
  record: fc.nat(3),
  owner: fc.nat(2),
  amount: fc.integer({ min: -300, max: 1_500 }),
  paidDaysAgo: fc.integer({ min: -2, max: 60 }),
  late: fc.constantFrom(0, 0, 0, 1, 3_600),
  what: fc.constantFrom('upsert', 'upsert', 'upsert', 'upsert', 'delete', 'draft', 'orphan', 'unreadable'),
});

const passing = fc.oneof(fc.constantFrom(0, 1, 999, 1_000, 3_600_000), fc.integer({ min: 0, max: 40 * day }));

const fatSteps = [
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('deliver'), says: fc.array(anySay, { minLength: 1, maxLength: 3 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('repeat'), delivery: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass'), ms: passing }) },
] as const;

/** Whole records only: what becomes of them does not depend on when a CRM is asked. */
export const fatHistory: fc.Arbitrary<readonly Step[]> = fc.array(fc.oneof(...fatSteps), {
  minLength: 3,
  maxLength: 18,
});

export const anyHistory: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    ...fatSteps,
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('hint'),
        say: anySay,
        fields: fc.constantFrom('none', 'none', 'mixed', 'own'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('stray'),
        kind: fc.constantFrom('unmapped', 'unknown-connection', 'malformed', 'no-credentials'),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('read'),
        mood: fc.constantFrom('answers', 'answers', 'throttles', 'fails', 'refuses'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('rewind'),
        group: fc.constantFrom('resolve', 'grade'),
        records: fc.nat(30),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('work') }) },
  ),
  { minLength: 3, maxLength: 22 },
);

/** As a generic sender or a CRM would put it. */
export const contentOf = (say: Say, now: number): RecordContent => {
  const id = String(say.record);
  const changedAt = Math.floor(now / 1_000) * 1_000 - say.late * 1_000;
  const common = { type: say.object, id, changedAt, ...(say.what === 'draft' ? { draft: 'true' } : {}) };
  if (say.what === 'unreadable') return { ...common, id: '1', customer: '0', changedAt: 'never' };
  if (say.object === 'customer')
    return { ...common, name: `Customer ${say.amount}`, region: say.owner === 0 ? 'north' : 'south' };
  return {
    ...common,
    customer: say.what === 'orphan' ? '' : String(say.owner),
    amount: (say.amount / 1).toFixed(2),
    paidAt: plantStart - say.paidDaysAgo * day + say.amount,
  };
};

const fatHintOf = (say: Say, now: number, delivery: string): Hint => ({
  tenant,
  connection: shop,
  object: say.object,
  id: String(say.record),
  operation: say.what === 'delete' ? 'delete' : 'upsert',
  delivery,
  receivedAt: now,
  payload: contentOf(say, now),
});

const thinHintOf = (say: Say, now: number, delivery: string, fields: 'none' | 'own' | 'mixed'): Hint => ({
  tenant,
  connection: crm,
  object: say.object,
  id: String(say.record),
  operation: 'upsert',
  delivery,
  receivedAt: now,
  ...(fields === 'none' ? {} : { changedFields: fields === 'own' ? ['Grade', 'Score'] : ['Grade', 'name'] }),
});

const strayHintOf = (kind: Extract<Step, { do: 'stray' }>['kind'], now: number, delivery: string): Hint => {
  const hint = {
    tenant,
    connection: shop,
    object: 'customer',
    id: '0',
    operation: 'upsert' as const,
    delivery,
    receivedAt: now,
  };
  switch (kind) {
    case 'unmapped':
      return { ...hint, object: 'coffee' };
    case 'unknown-connection':
      return { ...hint, connection: ConnectionId.parse('nobody') };
    case 'malformed':
      return { ...hint, id: 'x'.repeat(129) };
    case 'no-credentials':
      return hint;
  }
};

export interface Played {
  /** Every delivery, in order. */
  readonly deliveries: (readonly Hint[])[];
  /** Hints taken in, by connection. */
  readonly received: Map<string, number>;
}

/** Plays steps on a plant; `after` sees it after every one of them. */
export const play = async (
  steps: readonly Step[],
  plant: Plant,
  after: (played: Played) => Promise<void> = async () => undefined,
): Promise<Played> => {
  const played: Played = { deliveries: [], received: new Map() };
  for (const step of steps) {
    await playOne(step, plant, played);
    await after(played);
  }
  return played;
};

const accept = async (plant: Plant, { deliveries, received }: Played, hints: readonly Hint[]): Promise<void> => {
  await plant.accept(hints);
  deliveries.push(hints);
  for (const { connection } of hints) received.set(connection, (received.get(connection) ?? 0) + 1);
};

const playOne = async (step: Step, plant: Plant, played: Played): Promise<void> => {
  const now = plant.clock.businessNow();
  const delivery = `delivery-${played.deliveries.length}`;
  switch (step.do) {
    case 'deliver':
      return accept(
        plant,
        played,
        step.says.map((say) => fatHintOf(say, now, delivery)),
      );
    case 'repeat': {
      const again = played.deliveries[step.delivery % Math.max(1, played.deliveries.length)];
      if (again === undefined) return;
      return accept(
        plant,
        played,
        again.map((hint) => ({ ...hint, receivedAt: now })),
      );
    }
    case 'hint': {
      const key = `${step.say.object}/${step.say.record}`;
      if (step.say.what === 'delete') plant.fakeCrm.records.delete(key);
      else plant.fakeCrm.records.set(key, contentOf(step.say, now));
      return accept(plant, played, [thinHintOf(step.say, now, delivery, step.fields)]);
    }
    case 'stray':
      return accept(plant, played, [strayHintOf(step.kind, now, delivery)]);
    case 'read':
      plant.fakeCrm.mood = step.mood;
      await plant.readBack();
      return;
    case 'pass':
      plant.clock.pass(step.ms);
      await plant.keepTime();
      return;
    case 'rewind':
      plant.rewind(step.group === 'resolve' ? groups.resolveRecords : groups.gradeCustomers, step.records);
      return;
    case 'work':
      return plant.drain();
  }
};

/** Longer than anything waits for its CRM. */
const longestPause = 3_600_000;

/** Works until nothing is left: streams drained, inbox read, nothing due. */
export const settle = async (plant: Plant): Promise<void> => {
  plant.fakeCrm.mood = 'answers';
  plant.clock.passWall(longestPause);
  for (let more = true; more; ) {
    await plant.drain();
    const { read, waitMs } = await plant.readBack();
    const { reviews } = await plant.keepTime();
    await plant.drain();
    more = read > 0 || (waitMs ?? 0) > 0 || reviews > 0;
  }
};

export const customers: readonly CustomerId[] = [shop, crm].flatMap((connection) =>
  ['0', '1', '2', '3'].map((id) => customerIdOf('account', connection, id)),
);

/** Everything kept of every customer, as text that can be compared. */
export const snapshotOf = async ({ customers: store }: Pick<Plant, 'customers'>): Promise<string> => {
  const states = await store.findAll(tenant, customers);
  const all = [];
  for (const customer of customers) {
    const state = states.get(customer);
    if (state === undefined) continue;
    const { version: _, records, ...rest } = state;
    const sorted = [...records].sort(([a], [b]) => (a < b ? -1 : 1));
    all.push({ ...rest, records: sorted, ledger: await store.readLedger(tenant, customer) });
  }
  return canonicalJson(all);
};
