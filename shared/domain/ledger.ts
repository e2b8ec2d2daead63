import * as z from 'zod';
import { Cause, Contribution, Direction, GradeName, ModelRef } from './change.ts';
import { CohortCuts } from './cohort.ts';
import { Hold } from './hold.ts';
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
  /** Cut-offs in force: score at or above which a grade begins. Of a rank that nobody holds: absent. */
  cuts: z.record(z.string(), z.number()),
  /** How many thresholds the score, or the rank key, is beyond; the model says which grade that is. */
  zone: z.int().optional(),
  /** The cohort's cuts the decision went by. */
  rank: CohortCuts.extend({ key: z.string() }).optional(),
  /** The segment of the model that the customer is in. */
  segment: z.string().optional(),
  /** Since when the change waited to last long enough. */
  waitedSince: Instant.optional(),
  /** The grade that a person set. */
  hold: Hold.optional(),
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
  /** Entries of a model version that is not at hand: chained, not decided again. */
  readonly undecided: number;
  /** Entries whose body was erased: chained, not decided again. */
  readonly erased: number;
  readonly faults: readonly LedgerFault[];
}

/** Whether a model decides an entry the same again; undefined: that version of the model is not at hand. */
export type DecidesAgain = (body: LedgerBody) => boolean | undefined;

/** Checks a whole ledger from its first entry to the head. `ledgerKey` is undefined or empty once the person is erased. */
export const verifyLedger = (
  entries: readonly LedgerEntry[],
  head: LedgerHead,
  ledgerKey: string | undefined,
  hashing: Hashing,
  decidesAgain: DecidesAgain,
): LedgerProof => {
  const faults: LedgerFault[] = [];
  let previous = '';
  let seq = 0;
  let undecided = 0;
  for (const entry of entries) {
    seq += 1;
    if (entry.seq !== seq) faults.push({ seq, fault: 'missing' });
    if (entry.previous !== previous || entry.hash !== linkHash(previous, entry.seq, entry.digest, hashing))
      faults.push({ seq: entry.seq, fault: 'broken-chain' });
    if (entry.body !== undefined) {
      faults.push(...bodyFaults(entry, entry.body, ledgerKey, hashing));
      const same = decidesAgain(entry.body);
      if (same === undefined) undecided += 1;
      if (same === false) faults.push({ seq: entry.seq, fault: 'wrong-grade' });
    }
    // erasing a person takes the key as well: with the key still there, the body was taken away
    else if (ledgerKey !== undefined && ledgerKey !== '') faults.push({ seq: entry.seq, fault: 'altered-body' });
    previous = entry.hash;
    seq = entry.seq;
  }
  if (seq !== head.seq || previous !== head.hash) faults.push({ seq: head.seq, fault: 'wrong-head' });
  return {
    entries: entries.length,
    undecided,
    erased: entries.filter((entry) => entry.body === undefined).length,
    faults,
  };
};

const bodyFaults = (entry: LedgerEntry, body: LedgerBody, key: string | undefined, hashing: Hashing): LedgerFault[] =>
  key === undefined || digestOf(body, key, hashing) !== entry.digest ? [{ seq: entry.seq, fault: 'altered-body' }] : [];
