import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readPosition } from '#infra/demo/demo-position.ts';
import { type DemoInvoice, readInvoices } from '#infra/demo/read-invoices.ts';
import { type DemoOptions, type DemoSurroundings, runDemo } from '#infra/demo/run-demo.ts';
import { readDemoModel } from '#infra/demo/suggest-cuts.ts';
import { openReader } from '#infra/node/open-reader.ts';
import { loadWorkspace } from '#infra/node/workspace/load-workspace.ts';
import { sqliteCustomerStore } from '#shared/adapters/sqlite/customer-store.ts';
import { openForReading } from '#shared/adapters/sqlite/database.ts';
import type { Fact } from '#shared/domain/fact.ts';
import { CustomerId, TenantId } from '#shared/domain/ids.ts';
import { majorUnits, parseMoney } from '#shared/domain/money.ts';
import { profileOf } from '#shared/domain/profile.ts';

/** Two days of the file, and a credit note among them. */
export const fewInvoices: readonly DemoInvoice[] = readInvoices().slice(0, 300);

export interface DemoRun {
  readonly code: number;
  readonly said: string;
}

/** Runs the demo as a library, on ports of its own, as fast as it is graded. */
export const runFew = async (
  options: Partial<DemoOptions> & { readonly folder: string },
  surroundings: Partial<DemoSurroundings> = {},
): Promise<DemoRun> => {
  let said = '';
  const code = await runDemo(
    { language: 'en', speed: Number.POSITIVE_INFINITY, port: 0, ...options },
    {
      write: (text) => {
        said += text;
      },
      isTerminal: false,
      environment: {},
      invoices: fewInvoices,
      stopRequested: () => new Promise(() => undefined),
      ...surroundings,
    },
  );
  return { code, said };
};

/** Resolves when so many invoices were put. */
export const untilOffered = async (folder: string, invoices: number): Promise<void> => {
  while ((readPosition(folder)?.offered ?? 0) < invoices) await pause(5);
};

/** What a customer paid, less refunds, in thousandths of a pound, and its grade. */
export interface Standing {
  readonly paid: number;
  readonly grade: string | null;
}

export type Standings = ReadonlyMap<string, Standing>;

const thousandths = (facts: readonly Fact[]): number =>
  facts.reduce((sum, { type, amount }) => {
    const worth = amount === undefined ? 0 : Math.round(majorUnits(amount) * 1_000);
    return sum + (type === 'invoice.refunded' ? -worth : worth);
  }, 0);

const factsOf = (invoices: readonly DemoInvoice[]): ReadonlyMap<string, readonly Fact[]> => {
  const facts = new Map<string, Fact[]>();
  for (const { customer, at, amount } of invoices) {
    const money = parseMoney(amount, 'GBP');
    if (customer === undefined || money === undefined) continue;
    const type = money.units < 0 ? 'invoice.refunded' : 'invoice.paid';
    facts.set(customer, [
      ...(facts.get(customer) ?? []),
      { type, at, amount: { ...money, units: Math.abs(money.units) } },
    ]);
  }
  return facts;
};

/** From the file alone: no store, no stream, no CRM. */
export const standingsFromScratch = async (invoices: readonly DemoInvoice[]): Promise<Standings> => {
  const grader = await readDemoModel();
  const now = invoices.at(-1)?.at ?? 0;
  return new Map(
    [...factsOf(invoices)].map(([customer, own]) => [
      customer,
      { paid: thousandths(own), grade: grader.decide({ attributes: { name: customer }, facts: own }, now).effective },
    ]),
  );
};

/** A change that time alone made: whose, when, to what. */
export type Lapse = readonly [customer: string, at: number, to: string | null];

/** Every change that time alone makes between the invoices of the file, from the file alone. */
export const lapsesFromScratch = async (invoices: readonly DemoInvoice[]): Promise<readonly Lapse[]> => {
  const grader = await readDemoModel();
  const end = invoices.at(-1)?.at ?? 0;
  return [...factsOf(invoices)].flatMap(([customer, own]) =>
    own.flatMap((fact, index): Lapse[] => {
      const profile = { attributes: { name: customer }, facts: own.slice(0, index + 1) };
      const until = own[index + 1]?.at ?? end + 1;
      const lapses: Lapse[] = [];
      let graded = grader.grade(profile, fact.at);
      while (graded.next !== undefined && graded.next < until) {
        const at = graded.next;
        const before = graded.effective;
        graded = grader.grade(profile, at);
        if (graded.effective !== before) lapses.push([customer, at, graded.effective]);
      }
      return lapses;
    }),
  );
};

/** What the demo's store holds, and everything that a person can ask it. */
export const lookIntoDemo = async (folder: string) => {
  const loading = await loadWorkspace(join(folder, 'regrade.yaml'), {
    environment: {},
    language: 'en',
    starting: true,
  });
  if (loading.outcome === 'faulty') throw new Error(`the demo's files have ${loading.problems.length} faults`);
  const reader = await openReader(loading.loaded);
  const db = openForReading(join(folder, 'data', 'regrade.db'));
  try {
    const { customers } = await reader.listCustomers(undefined, 10_000);
    const states = await sqliteCustomerStore(db).findAll(TenantId.parse('default'), customers);
    const standings = new Map<string, Standing>();
    const lapses: Lapse[] = [];
    let [changes, faults] = [0, 0];
    for (const customer of customers) {
      const name = customer.replace('account:zoho:', '');
      const view = await reader.readCustomer(customer);
      const records = states.get(customer)?.records ?? new Map<string, never>();
      const paid = thousandths(profileOf(records).facts);
      standings.set(name, { paid, grade: view?.grades[0]?.grade ?? null });
      for (const { body } of await reader.readLedger(customer))
        if (body?.cause.type === 'timer') lapses.push([name, body.at, body.to]);
      const proof = await reader.verify(CustomerId.parse(customer));
      changes += proof.entries;
      faults += proof.faults.length;
    }
    const status = await reader.readStatus();
    const deliveries = (channel: string, state: string): number =>
      status.deliveries.find((count) => count.channel === channel && count.status === state)?.count ?? 0;
    return { warnings: loading.warnings, standings, lapses, changes, faults, status, deliveries };
  } finally {
    db.close();
    reader.close();
  }
};
