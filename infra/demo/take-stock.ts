import { setImmediate as nextTurn } from 'node:timers/promises';
import type { GradeName } from '../../shared/domain/change.ts';
import type { NodeReader, StatusView } from '../cli/reader.ts';

export interface DemoStock {
  readonly status: StatusView;
  /** Customers by the grade in force. */
  readonly grades: ReadonlyMap<GradeName, number>;
  readonly customers: number;
  /** Ledger entries checked, from each customer's first to the head. */
  readonly entries: number;
  readonly faults: number;
  /** Received minus everything that became of it, over all connections: 0 when it balances. */
  readonly offBy: number;
}

const pageSize = 200;

/** Looks at every customer and checks every ledger entry, a page at a time: whoever asks the node meanwhile is answered. */
export const takeStock = async (reader: NodeReader): Promise<DemoStock> => {
  const grades = new Map<GradeName, number>();
  let [customers, entries, faults] = [0, 0, 0];
  let after: string | undefined;
  for (;;) {
    const page = await reader.listCustomers(after, pageSize);
    for (const customer of page.customers) {
      const view = await reader.readCustomer(customer);
      const grade = view?.grades[0]?.grade ?? null;
      grades.set(grade, (grades.get(grade) ?? 0) + 1);
      const proof = await reader.verify(customer);
      entries += proof.entries;
      faults += proof.faults.length;
    }
    customers += page.customers.length;
    after = page.next;
    if (after === undefined) break;
    await nextTurn();
  }
  const status = await reader.readStatus();
  return { status, grades, customers, entries, faults, offBy: offByOf(status) };
};

const offByOf = ({ accounts }: StatusView): number =>
  accounts.reduce(
    (total, { received, resolved, coalesced, deduplicated, rejected, dead, waiting }) =>
      total + Math.abs(received - resolved - coalesced - deduplicated - sum(rejected) - sum(dead) - waiting),
    0,
  );

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);
