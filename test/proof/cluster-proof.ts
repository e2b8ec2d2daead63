import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionAccount } from '#shared/ports/record-store.ts';
import { startChannelServers } from './channel-servers.ts';
import { clusterEngine } from './cluster-engine.ts';
import { proofInput, seededRandom } from './crash-input.ts';
import { openCluster } from './open-cluster.ts';
import { type ClusterOutcome, type Facts, readCluster } from './read-cluster.ts';
import { reviewSingleNode } from './review-single-node.ts';
import { type ClusterRun, runCluster } from './run-cluster.ts';
import { runShop } from './run-shop.ts';

export interface ClusterProofSettings {
  readonly webhooks: number;
  readonly kills: number;
  readonly brokerKills: number;
  readonly faultRate: number;
  readonly seed: number;
  readonly endpoint: string;
  readonly brokers: string;
  readonly breakBroker: () => Promise<void>;
  readonly onProgress?: (text: string) => void;
}

export interface ClusterProof {
  /** What is not as it must be; empty when everything holds. */
  readonly faults: readonly string[];
  readonly kills: number;
  readonly killsBeforeState: number;
  readonly brokerKills: number;
  readonly resent: number;
  readonly gaveUp: number;
  readonly customers: number;
  readonly ledgerEntries: number;
  readonly keyedActions: number;
  readonly unknowns: number;
}

const minute = 60_000;
const day = 1_440 * minute;
/** Far more than stay in one item: that customer's records are in chunks. */
const bulk = 1_200;

/**
 * Sends one input to a single node, undisturbed, and to three workers on Kafka and DynamoDB that are killed again and again;
 * has everyone reviewed at one common instant on both, and compares what must be equal.
 */
export const clusterProof = async (settings: ClusterProofSettings): Promise<ClusterProof> => {
  const { webhooks, kills, brokerKills, seed, endpoint, brokers, onProgress } = settings;
  // so that at the clock's own now nothing has left its window, and at the end some has
  const start = Math.floor(Date.now() / day) * day - webhooks * 20 * minute;
  const input = proofInput(webhooks, seed, { start, tailDays: 20, bulk });
  const folders = [
    mkdtempSync(join(tmpdir(), 'regrade-proof-')),
    mkdtempSync(join(tmpdir(), 'regrade-proof-')),
  ] as const;
  const [calmServers, servers] = [await startChannelServers(), await startChannelServers()];
  const run = `proof-${process.pid}-${Date.now().toString(36)}`;
  const cluster = await openCluster(folders[1], clusterEngine({ brokers, endpoint, run }));
  try {
    await cluster.setUp();
    const random = seededRandom(seed + 1);
    await runShop({ folder: folders[0], servers: calmServers, input, kills: 0, random });
    const expected = await reviewSingleNode(folders[0], input.end);
    const result = await runCluster({
      folder: folders[1],
      servers,
      input,
      brokers,
      endpoint,
      run,
      workers: 3,
      kills,
      brokerKills,
      breakBroker: settings.breakBroker,
      faultRate: settings.faultRate,
      random,
      ...(onProgress === undefined ? {} : { onProgress }),
      settled: async () => {
        await cluster.settled(onProgress);
        await cluster.reviewEveryone(input.end);
        await cluster.settled(onProgress);
      },
    });
    const outcome = await readCluster(cluster);
    return {
      faults: [
        ...customerFaults(expected, outcome.customers),
        ...accountFaults(outcome.accounts, input.hints, result),
        ...actionFaults(outcome, servers.keyedIds),
        ...unkeyedFaults(outcome, servers.messages, result),
        ...(outcome.ledgerFaults === 0 ? [] : [`${outcome.ledgerFaults} faults in ledgers`]),
        ...(result.kills === kills && result.brokerKills === brokerKills ? [] : ['not every kill took place']),
      ],
      kills: result.kills,
      killsBeforeState: result.killsBeforeState,
      brokerKills: result.brokerKills,
      resent: result.resent,
      gaveUp: result.gaveUp,
      customers: outcome.customers.size,
      ledgerEntries: outcome.ledgerEntries,
      keyedActions: servers.keyedIds.size,
      unknowns: outcome.deliveries.reduce((all, { unknowns }) => all + unknowns, 0),
    };
  } finally {
    await cluster.close();
    await calmServers.stop();
    await servers.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
};

const customerFaults = (expected: Facts, actual: Facts): string[] => {
  const names = [...new Set([...expected.keys(), ...actual.keys()])];
  const different = names.filter((name) => expected.get(name) !== actual.get(name));
  return [
    ...(expected.size > 0 ? [] : ['the single node graded nobody']),
    ...different.slice(0, 3).map((name) => `${name} differs:\n  ${expected.get(name)}\n  ${actual.get(name)}`),
    ...(different.length > 3 ? [`… and ${different.length - 3} more customers differ`] : []),
  ];
};

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);

const accountFaults = (accounts: readonly ConnectionAccount[], hints: number, run: ClusterRun): string[] => {
  const [account] = accounts;
  if (account === undefined) return ['there is no account'];
  const { received, resolved, coalesced, deduplicated, rejected, dead, waiting } = account;
  const faults: string[] = [];
  const off = received - (resolved + coalesced + deduplicated + sum(rejected) + sum(dead) + waiting);
  if (off !== 0) faults.push(`the account is off by ${off}`);
  if (waiting !== 0) faults.push(`${waiting} hints wait for ever`);
  // what was taken and not answered comes again, and what was spilled late may stand on the stream twice
  if (received < hints) faults.push(`received ${received} hints, ${hints} were acknowledged`);
  if (sum(rejected) + sum(dead) > 0) faults.push('good hints were rejected');
  const most = hints * 2 + (run.resent + run.unavailable) * 100;
  if (received > most) faults.push(`received ${received} hints, ${hints} were acknowledged`);
  return faults;
};

/** Every change was announced on the keyed channel, once. */
const actionFaults = (outcome: ClusterOutcome, keyed: ReadonlySet<string>): string[] => {
  const faults: string[] = [];
  const announced = outcome.announcements.filter(({ rule }) => rule.endsWith('at-once'));
  const changes = new Set(outcome.changes);
  const told = announced.filter(({ channel }) => channel === 'keyed').map(({ change }) => change);
  if (told.length !== new Set(told).size) faults.push('a change was announced twice');
  const untold = [...changes].filter((change) => !told.includes(change));
  if (untold.length > 0) faults.push(`${untold.length} changes were never announced, such as ${untold[0]}`);
  const invented = told.filter((change) => !changes.has(change));
  if (invented.length > 0) faults.push(`${invented.length} announcements of no change, such as ${invented[0]}`);
  const ids = new Set(outcome.announcements.filter(({ channel }) => channel === 'keyed').map(({ id }) => id));
  const missing = [...ids].filter((id) => !keyed.has(id));
  const extra = [...keyed].filter((id) => !ids.has(id));
  if (missing.length > 0) faults.push(`${missing.length} keyed actions never arrived, such as ${missing[0]}`);
  if (extra.length > 0) faults.push(`${extra.length} keyed actions were never decided, such as ${extra[0]}`);
  const resting = ['delivered', 'held', 'superseded'];
  const open = outcome.deliveries.filter(({ status, deliveries }) => deliveries > 0 && !resting.includes(status));
  for (const { channel, status, deliveries } of open) faults.push(`${channel}: ${deliveries} deliveries are ${status}`);
  faults.push(...outcome.unsettled.slice(0, 3).map((customer) => `${customer}: what was announced is not its grade`));
  return faults;
};

/** Where there is no key, repeats and gaps are as many as the unknown outcomes that were counted, and these are bounded. */
const unkeyedFaults = (
  { deliveries }: ClusterOutcome,
  messages: { readonly robot: number; readonly held: number },
  run: ClusterRun,
): string[] => {
  const of = (channel: string) => deliveries.filter((count) => count.channel === channel);
  const total = (channel: string) => of(channel).reduce((all, count) => all + count.deliveries, 0);
  const unknown = (channel: string) => of(channel).reduce((all, { unknowns }) => all + unknowns, 0);
  const held = of('held').find(({ status }) => status === 'held')?.deliveries ?? 0;
  const faults: string[] = [];
  const repeats = messages.robot - total('robot');
  if (repeats < 0 || repeats > unknown('robot'))
    faults.push(`robot: ${repeats} repeats, ${unknown('robot')} unknown outcomes counted`);
  const gap = total('held') - messages.held;
  if (gap < 0 || gap > held) faults.push(`held: ${gap} messages missing, ${held} deliveries held`);
  const bound = (run.kills + run.gaveUp) * 32;
  if (unknown('robot') > bound || held > bound) faults.push('more unknown outcomes than sends can have been in flight');
  return faults;
};
