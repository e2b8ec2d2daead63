import { type Signed, signShop } from '../kit/shop-workspace.ts';

/** One webhook of the proof, with the business instant it must be decided at. */
export interface ProofWebhook {
  readonly at: number;
  /** Webhooks of one lane are sent one after another; customers of different lanes have nothing to do with each other. */
  readonly lane: number;
  readonly signed: Signed;
  /** 200 for all but the malformed ones. */
  readonly expected: 200 | 400;
}

export interface ProofInput {
  readonly webhooks: readonly ProofWebhook[];
  readonly lanes: number;
  readonly start: number;
  readonly end: number;
  /** Hints in what is acknowledged, duplicates included. */
  readonly hints: number;
}

const minute = 60_000;
const perLane = 4;

/** A small random number generator with a seed (mulberry32), so that a run can be had again. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

interface ShopRecord {
  readonly type: 'customer' | 'invoice';
  readonly id: string;
  readonly changedAt: number;
  readonly [field: string]: unknown;
}

export interface InputSettings {
  readonly start?: number;
  /** Days between the last webhook and the end. Model windows are 30 days long. */
  readonly tailDays?: number;
  /** Invoices that one customer has from the beginning; it gets every tenth webhook then. */
  readonly bulk?: number;
}

/**
 * A shop's life: customers and invoices, corrections, moves between customers of a lane, deletions; 5 % of the deliveries
 * come twice, 2 % late and out of order, 1 % are malformed. Every customer falls out of its window in the end, unless the tail
 * is shorter.
 */
export const proofInput = (count: number, seed: number, settings: InputSettings = {}): ProofInput => {
  const random = seededRandom(seed);
  const pick = (below: number): number => Math.floor(random() * below);
  const { start = Date.UTC(2026, 0, 1), tailDays = 45, bulk = 0 } = settings;
  const lanes = Math.max(4, Math.floor(count / 40));
  const invoices: string[][] = Array.from({ length: lanes }, () => []);
  const late: { readonly record: ShopRecord; readonly lane: number; readonly due: number }[] = [];
  const webhooks: ProofWebhook[] = [];
  let hints = 0;
  const push = (lane: number, at: number, records: readonly ShopRecord[], malformed: boolean): void => {
    const signed = malformed ? signShop([{ type: 'invoice', nothing: records.length }]) : signShop(records);
    webhooks.push({ at, lane, signed, expected: malformed ? 400 : 200 });
    if (!malformed) hints += records.length;
  };
  for (let from = 0; from < bulk; from += bulkPerWebhook)
    push(0, start, bulkOf(start, from, Math.min(bulk, from + bulkPerWebhook)), false);
  for (let index = 0; webhooks.length < count; index += 1) {
    const at = start + index * 20 * minute;
    if (bulk > 0 && index % 10 === 0) {
      push(0, at, bulkOf(at, index % bulk, (index % bulk) + 1), false);
      continue;
    }
    const lane = pick(lanes);
    const due = late.findIndex((one) => one.due <= index && one.lane === lane);
    const overdue = due < 0 ? undefined : late.splice(due, 1)[0];
    const record = overdue?.record ?? nextRecord(invoices[lane] ?? [], lane, at, pick);
    if (overdue === undefined && random() < 0.02) {
      late.push({ record, lane, due: index + 5 + pick(20) });
      continue;
    }
    push(lane, at, [record], random() < 0.01);
    if (random() < 0.05) push(lane, at + minute, [record], false);
  }
  const end = start + (webhooks.length * 20 + 60 * 24 * tailDays) * minute;
  return { webhooks, lanes, start, end, hints };
};

const bulkPerWebhook = 100;

/** Invoices of the one large customer. */
const bulkOf = (at: number, from: number, to: number): ShopRecord[] =>
  Array.from({ length: to - from }, (_, i) => ({
    type: 'invoice',
    id: `bulk-${from + i}`,
    customer: '0-0',
    amount: String((((from + i) * 7_919 + at / minute) % 90) + 1),
    paidAt: at - i * minute,
    changedAt: at,
  }));

const nextRecord = (known: string[], lane: number, at: number, pick: (below: number) => number): ShopRecord => {
  const customer = `${lane}-${pick(perLane)}`;
  if (known.length === 0) known.push(`i-${lane}-first`);
  if (pick(8) === 0)
    return { type: 'customer', id: customer, name: `Customer ${customer}`, region: `r${pick(3)}`, changedAt: at };
  const old = known[pick(known.length)] ?? '';
  if (pick(12) === 0) return { type: 'invoice', id: old, deleted: true, changedAt: at };
  const fresh = pick(3) > 0;
  const id = fresh ? `i-${lane}-${known.length}` : old;
  if (fresh) known.push(id);
  return {
    type: 'invoice',
    id,
    customer,
    amount: String(pick(900) - 80),
    paidAt: at - pick(86_400_000),
    changedAt: at,
  };
};
