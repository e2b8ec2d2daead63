import type { FunctionName } from '../../../shared/definitions/functions.ts';
import { topics } from '../../../shared/definitions/topics.ts';
import { units } from './assumptions.ts';
import type { Item } from './line.ts';
import type { Situation } from './situation.ts';
import { storedGb } from './traffic.ts';

export const tableItems = (situation: Situation): readonly Item[] => {
  const { stage, customers, traffic, assumptions } = situation;
  const stored = storedGb(customers, traffic, assumptions);
  const counts = countsOf(situation);
  const sum = (what: 'writes' | 'reads'): number =>
    counts.reduce((total, [count, of]) => total + count * units[of][what], 0);
  return [
    { kind: 'table-writes', item: 'dynamodb-write-unit', quantity: sum('writes') / 1e6 },
    { kind: 'table-reads', item: 'dynamodb-read-unit', quantity: sum('reads') / 1e6 },
    { kind: 'table-storage', item: 'dynamodb-storage', quantity: stored },
    ...(stage.table.pointInTimeRecovery
      ? [{ kind: 'table-recovery', item: 'dynamodb-recovery', quantity: stored } as const]
      : []),
  ];
};

/** How often each thing happens that the table is charged for. */
const countsOf = ({ traffic, functionLoads }: Situation): readonly (readonly [number, keyof typeof units])[] => {
  const { webhooks, readBacks, recordsOf, changes, deliveries } = traffic;
  const callsOf = (name: FunctionName): number => functionLoads.find((load) => load.name === name)?.calls ?? 0;
  return [
    [webhooks, 'webhook'],
    [callsOf('resolve-records'), 'accounts'],
    [readBacks, 'readBack'],
    // of a batch in which anything is read back
    [Math.min(readBacks, callsOf('resolve-records')), 'readBackAccounts'],
    [recordsOf[topics.events], 'event'],
    [changes, 'change'],
    [recordsOf[topics.cohorts], 'move'],
    [callsOf('rank-cohorts'), 'cohort'],
    [changes, 'action'],
    [deliveries, 'delivery'],
    [callsOf('keep-time'), 'tick'],
  ];
};
