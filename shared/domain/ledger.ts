import * as z from 'zod';
import { Cause, Contribution, Direction, GradeName, ModelRef } from './change.ts';
import { CustomerId } from './ids.ts';
import { Instant } from './instant.ts';
import { canonicalJson } from './json.ts';

/** What a person reads of one change, and all that is needed to decide it again. */
export const LedgerBody = z.object({
  customer: CustomerId,
  seq: z.int().positive(),
  at: Instant,
  model: ModelRef,
  decides: z.boolean(),
  from: GradeName,
  to: GradeName,
  direction: Direction,
  score: z.number().nullable(),
  raw: GradeName,
  guard: z.string().optional(),
  /** Cut-offs in force: score at or above which a grade begins. */
  cuts: z.record(z.string(), z.number()),
  cause: Cause,
  contributions: z.array(Contribution),
});
export type LedgerBody = Readonly<z.infer<typeof LedgerBody>>;

/** The end of a customer's chain. `hash` is empty before the first entry. */
export interface LedgerHead {
  readonly seq: number;
  readonly hash: string;
}

/** One link: survives erasing, for it says nothing about the person. */
export interface LedgerEntry {
  readonly seq: number;
  /** Hash of the entry before; empty for the first. */
  readonly previous: string;
  /** SHA-256 of salt + body, hex. */
  readonly digest: string;
  /** SHA-256 of previous + seq + digest, hex. */
  readonly hash: string;
  /** Absent after the person was erased. */
  readonly body: LedgerBody | undefined;
}

/** Hashing comes in from outside: the domain does no crypto of its own. Text is UTF-8, results are lower-case hex. */
export interface Hashing {
  sha256(text: string): string;
  hmacSha256(keyHex: string, text: string): string;
}

export const emptyLedger: LedgerHead = { seq: 0, hash: '' };

/** Links a body to the chain. The salt is HMAC(customer key, sequence): without the key the digest tells nothing. */
export const chainEntry = (head: LedgerHead, body: LedgerBody, ledgerKey: string, hashing: Hashing): LedgerEntry => {
  const digest = digestOf(body, ledgerKey, hashing);
  return { seq: body.seq, previous: head.hash, digest, hash: linkHash(head.hash, body.seq, digest, hashing), body };
};

const digestOf = (body: LedgerBody, ledgerKey: string, hashing: Hashing): string =>
  hashing.sha256(`${hashing.hmacSha256(ledgerKey, String(body.seq))}${canonicalJson(body)}`);

const linkHash = (previous: string, seq: number, digest: string, hashing: Hashing): string =>
  hashing.sha256(`${previous}|${seq}|${digest}`);

export type LedgerFault = {
  readonly seq: number;
  readonly fault: 'missing' | 'broken-chain' | 'altered-body' | 'wrong-grade' | 'wrong-head';
};

export interface LedgerProof {
  readonly entries: number;
  /** Entries whose body was erased: chained, not decided again. */
  readonly erased: number;
  readonly faults: readonly LedgerFault[];
}

/** Checks a whole ledger from its first entry to the head. `ledgerKey` is undefined or empty once the person is erased. */
export const verifyLedger = (
  entries: readonly LedgerEntry[],
  head: LedgerHead,
  ledgerKey: string | undefined,
  hashing: Hashing,
): LedgerProof => {
  const faults: LedgerFault[] = [];
  let previous = '';
  let seq = 0;
  for (const entry of entries) {
    seq += 1;
    if (entry.seq !== seq) faults.push({ seq, fault: 'missing' });
    if (entry.previous !== previous || entry.hash !== linkHash(previous, entry.seq, entry.digest, hashing))
      faults.push({ seq: entry.seq, fault: 'broken-chain' });
    if (entry.body !== undefined) faults.push(...bodyFaults(entry, entry.body, ledgerKey, hashing));
    // erasing a person takes the key as well: with the key still there, the body was taken away
    else if (ledgerKey !== undefined && ledgerKey !== '') faults.push({ seq: entry.seq, fault: 'altered-body' });
    previous = entry.hash;
    seq = entry.seq;
  }
  if (seq !== head.seq || previous !== head.hash) faults.push({ seq: head.seq, fault: 'wrong-head' });
  return { entries: entries.length, erased: entries.filter((entry) => entry.body === undefined).length, faults };
};

const bodyFaults = (entry: LedgerEntry, body: LedgerBody, key: string | undefined, hashing: Hashing): LedgerFault[] => {
  const faults: LedgerFault[] = [];
  if (key === undefined || digestOf(body, key, hashing) !== entry.digest)
    faults.push({ seq: entry.seq, fault: 'altered-body' });
  if (!decidesSame(body)) faults.push({ seq: entry.seq, fault: 'wrong-grade' });
  return faults;
};

/** The raw grade follows from score and cut-offs; the effective one equals it unless a guard or the scope decided. */
const decidesSame = ({ score, raw, to, guard, cuts }: LedgerBody): boolean => {
  if (score === null) return to === null && raw === null;
  const reached = Object.entries(cuts)
    .filter(([, from]) => score >= from)
    .sort(([, a], [, b]) => b - a)[0];
  const rawHolds = reached === undefined ? raw === null || !(raw in cuts) : raw === reached[0];
  return rawHolds && (guard !== undefined || raw === to);
};
