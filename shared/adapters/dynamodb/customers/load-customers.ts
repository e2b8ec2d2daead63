import type { CustomerState } from '../../../domain/customer-state.ts';
import type { CustomerId, TenantId } from '../../../domain/ids.ts';
import { getAll, type Table } from '../table/requests.ts';
import { corruptItem } from '../table/stored-attributes.ts';
import { emptyName, type NamedChunk, placeOf, readChunks } from './chunk-items.ts';
import { type ChunkedRecords, recordsIn } from './chunk-records.ts';
import type { CustomerMemory, Remembered } from './customer-memory.ts';
import type { DuePlace } from './state-index.ts';
import { customerPartition, type StoredState, stateKey, stateOfItem } from './state-item.ts';
import { readRecords } from './stored-records.ts';

/** A table with customers, and what this store saw of them. */
export interface CustomerGround {
  readonly store: Table;
  readonly memory: CustomerMemory;
}

/** How often a customer is read again of which a chunk was replaced while it was read. */
const mostAttempts = 5;

/**
 * Customers never stored are absent.
 *
 * @throws {PipelineError} `STORE_CORRUPT`, not retryable, when an item is not what this store writes, or is not there.
 */
export const loadCustomers = async (
  ground: CustomerGround,
  tenant: TenantId,
  customers: readonly CustomerId[],
): Promise<ReadonlyMap<CustomerId, Loaded>> => {
  const loaded = new Map<CustomerId, Loaded>();
  let open: readonly CustomerId[] = [...new Set(customers)];
  for (let attempt = 0; open.length > 0; attempt += 1) {
    if (attempt === mostAttempts) throw corruptItem('customer', new Error(`${open.join(', ')}: chunks are missing`));
    const items = await getAll(
      ground.store,
      open.map((customer) => stateKey(tenant, customer)),
    );
    const { whole, torn } = await completeStates(ground, items.map(stateOfItem));
    for (const one of whole) loaded.set(one.state.customer, one);
    open = torn;
  }
  return loaded;
};

export interface Loaded {
  readonly state: CustomerState;
  /** What the store remembers of it from now on, unless its memory is full. */
  readonly seen: Remembered;
}

export interface Completed {
  readonly whole: readonly Loaded[];
  /** Customers that were written again since: a chunk that their STATE names is gone. */
  readonly torn: readonly CustomerId[];
}

/** Reads the chunks that these states name and this store has not seen yet. */
export const completeStates = async (
  { store, memory }: CustomerGround,
  stored: readonly StoredState[],
): Promise<Completed> => {
  const plans = stored.map((state) => ({ ...state, ...planOf(memory, state) }));
  const chunks = await readChunks(
    store,
    plans.flatMap(({ missing }) => missing),
  );
  const whole: Loaded[] = [];
  const torn: CustomerId[] = [];
  for (const { state, place, claimableAt, attempt, partition, seen, known } of plans) {
    const duePlace = duePlaceOf(state.due, claimableAt);
    const chunked =
      place.kind === 'inside' ? undefined : (seen ?? assemble(namedChunks(partition, place.names), known, chunks));
    if (chunked === 'torn') {
      torn.push(state.customer);
      continue;
    }
    const remembered = { version: state.version, attempt, duePlace, chunked };
    memory.set(partition, remembered);
    const records = place.kind === 'inside' ? readRecords(place.packed) : (chunked?.records ?? new Map());
    whole.push({ state: { ...state, records }, seen: remembered });
  }
  return { whole, torn };
};

const planOf = (memory: CustomerMemory, { state, place, attempt }: StoredState) => {
  const partition = customerPartition(state.tenant, state.customer);
  const before = place.kind === 'inside' ? undefined : memory.get(partition);
  const known = new Map(before?.chunked?.chunks.map(({ name, packed }) => [name, packed]));
  const seen = before?.attempt === attempt ? before.chunked : undefined;
  const missing =
    place.kind === 'inside' || seen !== undefined
      ? []
      : namedChunks(partition, place.names).filter(({ name }) => name !== emptyName && !known.has(name));
  return { partition, seen, known, missing };
};

export const namedChunks = (partition: string, names: readonly string[]): readonly NamedChunk[] =>
  names.map((name, index) => ({ partition, count: names.length, index, name }));

const assemble = (
  named: readonly NamedChunk[],
  known: ReadonlyMap<string, Uint8Array>,
  read: ReadonlyMap<string, Uint8Array>,
): ChunkedRecords | 'torn' => {
  const chunks = [];
  for (const chunk of named) {
    const { name } = chunk;
    const packed = name === emptyName ? new Uint8Array() : (known.get(name) ?? read.get(placeOf(chunk)));
    if (packed === undefined) return 'torn';
    chunks.push({ name, packed });
  }
  return { records: recordsIn(chunks), chunks };
};

const duePlaceOf = (due: number | undefined, claimableAt: number | undefined): DuePlace | undefined =>
  due === undefined || claimableAt === undefined ? undefined : { due, claimableAt };
