import type { Instant } from '../../domain/instant.ts';

/** Who falls due when. Of one customer only the instant given last counts. */
export interface DueQueue {
  /** Undefined: never. */
  set(customer: number, at: Instant | undefined): void;
  /** The earliest instant at which somebody is due. */
  next(): Instant | undefined;
  /** Takes out everybody who is due at the earliest instant, in the order of their numbers. */
  takeNext(): readonly number[];
}

interface Entry {
  readonly at: Instant;
  readonly customer: number;
}

/** A binary heap; what was set anew stays in it until it comes up, and is passed over then. */
export const dueQueue = (): DueQueue => {
  const heap: Entry[] = [];
  const due = new Map<number, Instant>();
  const isStale = ({ at, customer }: Entry): boolean => due.get(customer) !== at;
  const dropStale = (): void => {
    for (let top = heap[0]; top !== undefined && isStale(top); top = heap[0]) pop(heap);
  };
  return {
    set: (customer, at) => {
      if (due.get(customer) === at) return;
      if (at === undefined) due.delete(customer);
      else {
        due.set(customer, at);
        push(heap, { at, customer });
      }
    },
    next: () => {
      dropStale();
      return heap[0]?.at;
    },
    takeNext: () => {
      dropStale();
      const at = heap[0]?.at;
      const taken: number[] = [];
      for (let top = heap[0]; top?.at === at && top !== undefined; top = heap[0]) {
        pop(heap);
        if (isStale(top)) continue;
        due.delete(top.customer);
        taken.push(top.customer);
      }
      return taken;
    },
  };
};

const isBefore = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.customer < b.customer);

const push = (heap: Entry[], entry: Entry): void => {
  let place = heap.push(entry) - 1;
  for (;;) {
    const parent = (place - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !isBefore(entry, above)) break;
    heap[place] = above;
    place = parent;
  }
  heap[place] = entry;
};

const pop = (heap: Entry[]): void => {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let place = 0;
  for (;;) {
    const left = 2 * place + 1;
    const child = isSecondBefore(heap, left) ? left + 1 : left;
    const below = heap[child];
    if (below === undefined || !isBefore(below, last)) break;
    heap[place] = below;
    place = child;
  }
  heap[place] = last;
};

const isSecondBefore = (heap: readonly Entry[], left: number): boolean => {
  const [first, second] = [heap[left], heap[left + 1]];
  return first !== undefined && second !== undefined && isBefore(second, first);
};
