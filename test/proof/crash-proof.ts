import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionAccount } from '#shared/ports/record-store.ts';
import { startChannelServers } from './channel-servers.ts';
import { proofInput, seededRandom } from './crash-input.ts';
import { readShop, type ShopOutcome } from './read-shop.ts';
import { runShop, type ShopRun } from './run-shop.ts';

export interface CrashProofSettings {
  readonly webhooks: number;
  readonly kills: number;
  readonly seed: number;
  readonly onProgress?: (text: string) => void;
}

export interface CrashProof {
  /** What is not as it must be; empty when everything holds. */
  readonly faults: readonly string[];
  readonly kills: number;
  readonly resent: number;
  readonly customers: number;
  readonly ledgerEntries: number;
  readonly keyedActions: number;
  readonly unknowns: number;
}

/** Runs the same input undisturbed and with kills, and compares everything that must be equal. */
export const crashProof = async ({ webhooks, kills, seed, onProgress }: CrashProofSettings): Promise<CrashProof> => {
  const input = proofInput(webhooks, seed);
  const folders = [
    mkdtempSync(join(tmpdir(), 'regrade-calm-')),
    mkdtempSync(join(tmpdir(), 'regrade-crash-')),
  ] as const;
  const calmServers = await startChannelServers();
  const crashServers = await startChannelServers();
  try {
    const random = seededRandom(seed + 1);
    const tell = (name: string) => (sent: number, killed: number) =>
      onProgress?.(`${name}: ${sent}/${webhooks} webhooks, ${killed}/${kills} kills`);
    await runShop({
      folder: folders[0],
      servers: calmServers,
      input,
      kills: 0,
      random,
      onProgress: tell('undisturbed'),
    });
    const run = await runShop({
      folder: folders[1],
      servers: crashServers,
      input,
      kills,
      random,
      onProgress: tell('with kills'),
    });
    const [calm, crash] = [await readShop(folders[0]), await readShop(folders[1])];
    const unknowns = crash.deliveries.reduce((sum, count) => sum + count.unknowns, 0);
    return {
      faults: [
        ...customerFaults(calm, crash),
        ...accountFaults(calm, crash, run),
        ...keyedFaults(calmServers.keyedIds, crashServers.keyedIds),
        ...unkeyedFaults(calm, crash, { calm: calmServers.messages, crash: crashServers.messages, kills: run.kills }),
        ...(run.kills === kills ? [] : [`only ${run.kills} of ${kills} kills took place`]),
      ],
      kills: run.kills,
      resent: run.resent,
      customers: crash.customers.size,
      ledgerEntries: crash.ledgerEntries,
      keyedActions: crashServers.keyedIds.size,
      unknowns,
    };
  } finally {
    await calmServers.stop();
    await crashServers.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
};

const customerFaults = (calm: ShopOutcome, crash: ShopOutcome): string[] => {
  const names = new Set([...calm.customers.keys(), ...crash.customers.keys()]);
  const different = [...names].filter((name) => calm.customers.get(name) !== crash.customers.get(name));
  return [
    ...(calm.ledgerEntries > 0 ? [] : ['the undisturbed run graded nobody']),
    ...(calm.ledgerFaults + crash.ledgerFaults === 0 ? [] : ['a ledger does not verify']),
    ...different
      .slice(0, 3)
      .map((name) => `${name} differs:\n  ${calm.customers.get(name)}\n  ${crash.customers.get(name)}`),
    ...(different.length > 3 ? [`… and ${different.length - 3} more customers differ`] : []),
  ];
};

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);

const accountFaults = (calm: ShopOutcome, crash: ShopOutcome, run: ShopRun): string[] => {
  const faults: string[] = [];
  const [before, after] = [calm.accounts[0], crash.accounts[0]] as [ConnectionAccount, ConnectionAccount];
  for (const account of [before, after]) {
    const outcomes =
      account.resolved +
      account.coalesced +
      account.deduplicated +
      sum(account.rejected) +
      sum(account.dead) +
      account.waiting;
    if (account.received !== outcomes) faults.push(`the account is off by ${account.received - outcomes}`);
  }
  if (before.resolved !== after.resolved) faults.push(`resolved ${after.resolved} hints instead of ${before.resolved}`);
  const extra = after.received - before.received;
  // a delivery that was taken and whose answer was lost comes again, and counts again
  if (extra < 0 || extra > run.resent)
    faults.push(`received ${extra} hints more than were sent, ${run.resent} were sent again`);
  if (after.deduplicated - before.deduplicated !== extra) faults.push('a repeat did not count as one');
  return faults;
};

const keyedFaults = (calm: ReadonlySet<string>, crash: ReadonlySet<string>): string[] => [
  ...(calm.size > 0 ? [] : ['the undisturbed run announced nothing']),
  ...[...calm]
    .filter((id) => !crash.has(id))
    .slice(0, 3)
    .map((id) => `action ${id} never happened`),
  ...[...crash]
    .filter((id) => !calm.has(id))
    .slice(0, 3)
    .map((id) => `action ${id} should not have happened`),
];

interface Unkeyed {
  readonly calm: { readonly robot: number; readonly held: number };
  readonly crash: { readonly robot: number; readonly held: number };
  readonly kills: number;
}

/** Where there is no key, repeats and gaps are as many as the unknown outcomes that were counted, and these are bounded. */
const unkeyedFaults = (calm: ShopOutcome, crash: ShopOutcome, messages: Unkeyed): string[] => {
  const of = ({ deliveries }: ShopOutcome, channel: string) => deliveries.filter((count) => count.channel === channel);
  const total = (outcome: ShopOutcome, channel: string) =>
    of(outcome, channel).reduce((all, { deliveries }) => all + deliveries, 0);
  const unknown = (channel: string) => of(crash, channel).reduce((all, { unknowns }) => all + unknowns, 0);
  const held = of(crash, 'held')
    .filter(({ status }) => status === 'held')
    .reduce((all, { deliveries }) => all + deliveries, 0);
  const faults: string[] = [];
  for (const channel of ['robot', 'held'])
    if (total(calm, channel) !== total(crash, channel))
      faults.push(`${channel}: decided ${total(crash, channel)} actions instead of ${total(calm, channel)}`);
  const repeats = messages.crash.robot - messages.calm.robot;
  if (repeats < 0 || repeats > unknown('robot'))
    faults.push(`robot: ${repeats} repeats, ${unknown('robot')} unknown outcomes counted`);
  const gap = messages.calm.held - messages.crash.held;
  if (gap < 0 || gap > held) faults.push(`held: ${gap} messages missing, ${held} deliveries held`);
  // a channel has a bounded number of sends in flight when its process dies
  const bound = messages.kills * 32;
  if (unknown('robot') > bound || held > bound) faults.push('more unknown outcomes than sends can have been in flight');
  return faults;
};
