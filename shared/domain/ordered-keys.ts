import type { KeyRange } from './key-range.ts';
import type { RankKey } from './rank-key.ts';

/** Distinct keys that stay in order while they come and go. */
export interface OrderedKeys {
  readonly size: number;
  /** False: it is there already. */
  add(key: RankKey): boolean;
  /** False: it is not there. */
  remove(key: RankKey): boolean;
  /** How many keys come before this one, itself included. */
  countUpTo(key: RankKey): number;
  /** 0 is the first. */
  at(position: number): RankKey | undefined;
  read(range: KeyRange): RankKey[];
}

type Block = RankKey[];

/** A block that grew beyond this is split; two neighbours that fit together in half of it become one. */
const mostInBlock = 512;
const comfortable = mostInBlock / 2;

/**
 * A sorted array in blocks: finding is a binary search over blocks and one within, changing moves the keys of one block. Positions
 * are counted by block. A million keys are some 3,000 blocks.
 */
export const orderedKeys = (inOrder: readonly RankKey[] = []): OrderedKeys => {
  const blocks: Block[] = [];
  for (let from = 0; from < inOrder.length; from += comfortable) blocks.push(inOrder.slice(from, from + comfortable));
  let size = inOrder.length;

  /** The first block that ends with this key or a later one; the one after the last where there is none. */
  const blockFor = (key: RankKey): number => {
    let [low, high] = [0, blocks.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((blocks[middle]?.at(-1) ?? '') < key) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const split = (index: number, block: Block): void => {
    if (block.length > mostInBlock) blocks.splice(index + 1, 0, block.splice(block.length >>> 1));
  };
  const merge = (index: number, block: Block): void => {
    const next = blocks[index + 1];
    if (block.length === 0) blocks.splice(index, 1);
    else if (next !== undefined && block.length + next.length <= comfortable)
      blocks.splice(index, 2, block.concat(next));
  };
  const readForwards = (after: RankKey, upTo: RankKey | undefined, limit: number): RankKey[] => {
    const keys: RankKey[] = [];
    for (let index = blockFor(after); index < blocks.length && keys.length < limit; index += 1) {
      const block = blocks[index] ?? [];
      for (let place = placeAfter(block, after); place < block.length && keys.length < limit; place += 1) {
        const key = block[place] ?? '';
        if (upTo !== undefined && key > upTo) return keys;
        keys.push(key);
      }
    }
    return keys;
  };
  const readBackwards = (after: RankKey, upTo: RankKey | undefined, limit: number): RankKey[] => {
    const keys: RankKey[] = [];
    const from = upTo === undefined ? blocks.length - 1 : Math.min(blockFor(upTo), blocks.length - 1);
    for (let index = from; index >= 0 && keys.length < limit; index -= 1) {
      const block = blocks[index] ?? [];
      const last = (upTo === undefined ? block.length : placeAfter(block, upTo)) - 1;
      for (let place = last; place >= 0 && keys.length < limit; place -= 1) {
        const key = block[place] ?? '';
        if (key <= after) return keys;
        keys.push(key);
      }
    }
    return keys;
  };

  return {
    get size() {
      return size;
    },
    add: (key) => {
      const index = Math.max(0, Math.min(blockFor(key), blocks.length - 1));
      const block = blocks[index];
      if (block === undefined) blocks.push([key]);
      else {
        const place = placeOf(block, key);
        if (block[place] === key) return false;
        block.splice(place, 0, key);
        split(index, block);
      }
      size += 1;
      return true;
    },
    remove: (key) => {
      const index = blockFor(key);
      const block = blocks[index];
      const place = block === undefined ? 0 : placeOf(block, key);
      if (block === undefined || block[place] !== key) return false;
      block.splice(place, 1);
      merge(index, block);
      size -= 1;
      return true;
    },
    countUpTo: (key) => {
      const index = blockFor(key);
      let count = placeAfter(blocks[index] ?? [], key);
      for (let before = 0; before < index; before += 1) count += blocks[before]?.length ?? 0;
      return count;
    },
    at: (position) => {
      let left = position;
      for (const block of blocks) {
        if (left < block.length) return block[left];
        left -= block.length;
      }
      return undefined;
    },
    read: ({ after = '', upTo, backwards = false, limit }) =>
      backwards ? readBackwards(after, upTo, limit) : readForwards(after, upTo, limit),
  };
};

/** Where a key is in a block, or would be. */
const placeOf = (block: Block, key: RankKey): number => {
  let [low, high] = [0, block.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((block[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
};

const placeAfter = (block: Block, key: RankKey): number => {
  const place = placeOf(block, key);
  return block[place] === key ? place + 1 : place;
};
