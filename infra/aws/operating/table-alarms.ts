import { table } from '../../../shared/definitions/table.ts';
import { type Alarm, alarm } from './alarm.ts';
import { ofTable, sumOf } from './figures.ts';
import type { Watched } from './watched.ts';

/** Writers that meet at one customer come again by themselves: so many in five minutes are a hot item. */
const mostConflicts = 500;

/** Only by kind of request does DynamoDB tell its own errors. */
const operations = [
  'BatchGetItem',
  'BatchWriteItem',
  'DeleteItem',
  'GetItem',
  'PutItem',
  'Query',
  'TransactWriteItems',
  'UpdateItem',
] as const;

export const tableAlarms = ({ tableName }: Pick<Watched, 'tableName'>): readonly Alarm[] => [
  alarm(
    ['table-throttled'],
    'The table refuses requests: see table.maxWriteUnits and maxReadUnits, then whether one partition is hot.',
    sumOf(throttles(tableName)),
    { periods: 3 },
  ),
  alarm(
    ['table-conflicts'],
    'Transactions meet at the same items more often than is healthy: see which customer or cohort it is.',
    ofTable(tableName, 'TransactionConflict'),
    { limit: mostConflicts, periods: 3 },
  ),
  alarm(
    ['table-errors'],
    'DynamoDB fails by its own fault: nothing is lost, everything comes again. See the health of the region.',
    sumOf(operations.map((Operation) => ofTable(tableName, 'SystemErrors', { Operation }))),
    { periods: 3 },
  ),
];

const throttles = (tableName: string) =>
  ['ReadThrottleEvents', 'WriteThrottleEvents'].flatMap((metric) => [
    ofTable(tableName, metric),
    ...Object.values(table.indexes).map(({ name }) => ofTable(tableName, metric, { GlobalSecondaryIndexName: name })),
  ]);
