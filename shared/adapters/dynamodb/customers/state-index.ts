import { limits } from '../../../definitions/limits.ts';
import { table } from '../../../definitions/table.ts';
import type { CustomerId, TenantId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { DueCustomer } from '../../../ports/customer-store.ts';
import { updateIf } from '../table/conditions.ts';
import { type Indexed, keysInIndex } from '../table/index-keys.ts';
import { shardsOf } from '../table/keys.ts';
import { getAll, type Item, sideBySide, type Table } from '../table/requests.ts';
import { customerOfKey } from './state-item.ts';

/** Claims in flight of one call. */
const width = 25;
/** Pages of the index that one call reads when what it finds there came before its time. */
const mostPages = 8;

const { due: dueIndex, unpublished } = table.indexes;

/** Where a customer stood in the index of due customers when it was read. */
export interface DuePlace {
  readonly due: Instant;
  readonly claimableAt: Instant;
}

/**
 * Where the next state of a customer is to stand in the index. It stays where it is when its timer moves on: whoever finds it
 * there too early moves it. It moves now when the timer comes earlier, or when the place is a claim and the timer is another.
 */
export const claimableAtOf = (due: Instant | undefined, before: DuePlace | undefined): Instant | undefined => {
  if (due === undefined || before === undefined) return due;
  if (due === before.due) return before.claimableAt;
  const isClaimed = before.claimableAt > before.due;
  return isClaimed ? due : Math.min(due, before.claimableAt);
};

export const findUnpublished = async (
  store: Table,
  tenant: TenantId,
  before: Instant,
  limit: number,
): Promise<readonly CustomerId[]> => {
  const shards = shardsOf('customer', tenant);
  const found = await keysInIndex(store, unpublished, { shards, until: before - 1, limit });
  return found.map(({ key }) => customerOfKey(key));
};

/**
 * A claim moves the customer in the index to the instant at which it ends: until then nobody finds it there. A customer that
 * stands there before its time is moved to it.
 */
export const claimDue = async (
  store: Table,
  tenant: TenantId,
  now: Instant,
  limit: number,
): Promise<readonly DueCustomer[]> => {
  const shards = shardsOf('customer', tenant);
  const claimed: DueCustomer[] = [];
  for (let page = 0; page < mostPages && claimed.length < limit; page += 1) {
    const wanted = limit - claimed.length;
    const entries = await keysInIndex(store, dueIndex, { shards, until: now, limit: wanted });
    const settled = await settleAll(store, entries, now);
    claimed.push(...settled.claimed);
    // a page that is not full was the last; one of which nothing moved would come again as it is
    if (entries.length < wanted || settled.moved === 0) break;
  }
  return claimed.sort((a, b) => a.due - b.due);
};

interface Settled {
  readonly claimed: readonly DueCustomer[];
  /** Entries that came before their time. */
  readonly moved: number;
}

const settleAll = async (store: Table, entries: readonly Indexed[], now: Instant): Promise<Settled> => {
  const entryByCustomer = new Map(entries.map((entry) => [customerOfKey(entry.key), entry]));
  const keys = [...entryByCustomer.values()].map(({ key }) => key);
  const items = await getAll(store, keys);
  const dueByCustomer = new Map(items.map((item) => [customerOfKey(item), duePlaceOf(item)]));
  let moved = 0;
  const claimed = await sideBySide(
    [...entryByCustomer],
    width,
    async ([customer, { key, at }]): Promise<DueCustomer[]> => {
      const place = dueByCustomer.get(customer);
      // the index hears of a write a moment later: this one has been moved since
      if (place === undefined || place.claimableAt !== at) return [];
      const isDue = place.due <= now;
      if (!(await moveTo(store, key, place, isDue ? now + limits.dueClaimMs : place.due))) return [];
      if (isDue) return [{ customer, due: place.due }];
      moved += 1;
      return [];
    },
  );
  return { claimed: claimed.flat(), moved };
};

const duePlaceOf = ({ due, [dueIndex.sortKey]: claimableAt }: Item): DuePlace | undefined =>
  due?.N === undefined || claimableAt?.N === undefined
    ? undefined
    : { due: Number(due.N), claimableAt: Number(claimableAt.N) };

/** False when another instance was first, or the customer was decided again. */
const moveTo = async (store: Table, key: Item, { due, claimableAt }: DuePlace, to: Instant): Promise<boolean> => {
  const item = await updateIf(store, key, {
    UpdateExpression: 'SET #at = :to',
    ConditionExpression: '#at = :seen AND #due = :due',
    ExpressionAttributeNames: { '#at': dueIndex.sortKey, '#due': 'due' },
    ExpressionAttributeValues: {
      ':to': { N: String(to) },
      ':seen': { N: String(claimableAt) },
      ':due': { N: String(due) },
    },
  });
  return item !== undefined;
};
