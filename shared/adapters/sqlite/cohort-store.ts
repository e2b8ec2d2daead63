import { CohortId } from '../../domain/cohort.ts';
import { CohortHead, type NetMove, type Place } from '../../domain/cohort-head.ts';
import type { CustomerId, TenantId } from '../../domain/ids.ts';
import { afterAll, customerOfKey, type RankKey, rankKeyOf } from '../../domain/rank-key.ts';
import type { CohortStore } from '../../ports/cohort-store.ts';
import type { Database, Row } from './database.ts';
import { readStored } from './sqlite-failure.ts';

export const cohortSchema: readonly string[] = [
  // rows and places repeat a cohort's number a million times, not its name
  `CREATE TABLE IF NOT EXISTS cohorts (
    number INTEGER PRIMARY KEY, tenant TEXT NOT NULL, cohort TEXT NOT NULL, revision INTEGER NOT NULL, head TEXT,
    UNIQUE (tenant, cohort))`,
  // a key is split into its numbers and its member, who is in the primary key anyway: a third less to keep
  `CREATE TABLE IF NOT EXISTS cohort_places (
    cohort INTEGER NOT NULL, member TEXT NOT NULL, version INTEGER NOT NULL, numbers TEXT,
    PRIMARY KEY (cohort, member)) WITHOUT ROWID`,
  // the rows: places in the order of their keys, so that the two never differ
  'CREATE INDEX IF NOT EXISTS cohort_rows ON cohort_places (cohort, numbers, member) WHERE numbers IS NOT NULL',
];

/** Takes tenant and cohort. */
const numberIs = '(SELECT number FROM cohorts WHERE tenant = ? AND cohort = ?)';

/** Cohorts on one SQLite file. */
export const sqliteCohortStore = (db: Database): CohortStore => {
  const heads = db.prepare(
    `SELECT head FROM cohorts WHERE tenant = ? AND cohort IN (SELECT value FROM json_each(?)) AND head IS NOT NULL`,
  );
  const places = db.prepare(
    `SELECT member, version, numbers FROM cohort_places
     WHERE cohort = ${numberIs} AND member IN (SELECT value FROM json_each(?))`,
  );
  const [forwards, backwards] = [readingRows(db, 'ASC'), readingRows(db, 'DESC')];
  const numberOf = numbering(db);
  const putHead = headWriter(db, numberOf);
  const applyMove = moveWriter(db);
  return {
    findHeads: async (tenant, cohorts) =>
      new Map(
        heads.all(tenant, JSON.stringify(cohorts)).map((row) => {
          const head = headOf(row);
          return [head.cohort, head];
        }),
      ),
    putHead: async (tenant, head) => db.transaction(() => putHead(tenant, head), 'ordered'),
    findPlaces: async (tenant, cohort, customers) =>
      new Map(places.all(tenant, cohort, JSON.stringify(customers.map(memberOf))).map(placeOf)),
    applyMoves: async (tenant, cohort, moves) =>
      db.transaction(() => {
        const number = numberOf.assign(tenant, cohort);
        for (const move of moves) applyMove(number, move);
      }, 'ordered'),
    readRows: async (tenant, cohort, { after = '', upTo = afterAll, backwards: fromEnd = false, limit }) =>
      (fromEnd ? backwards : forwards).all(tenant, cohort, ...partsOf(after), ...partsOf(upTo), limit).map(keyOf),
    listCohorts: async (tenant, after, limit) => {
      const cohorts = db
        .prepare(
          `SELECT cohort FROM cohorts WHERE tenant = ? AND cohort > ? AND head IS NOT NULL ORDER BY cohort LIMIT ?`,
        )
        .all(tenant, after ?? '', limit)
        .map((row) => CohortId.parse(row['cohort']));
      return { cohorts, next: cohorts.length < limit ? undefined : cohorts.at(-1) };
    },
    dropCohort: async (tenant, cohort, limit) =>
      db.transaction(() => {
        const number = numberOf.find(tenant, cohort);
        if (number === undefined) return true;
        const dropped = db
          .prepare(
            `DELETE FROM cohort_places WHERE cohort = ?1 AND member IN
               (SELECT member FROM cohort_places WHERE cohort = ?1 LIMIT ?2)`,
          )
          .run(number, limit);
        if (dropped.changes === limit) return false;
        numberOf.forget(tenant, cohort);
        return true;
      }, 'ordered'),
  };
};

const readingRows = (db: Database, order: 'ASC' | 'DESC') =>
  db.prepare(
    `SELECT numbers, member FROM cohort_places
     WHERE cohort = ${numberIs} AND numbers IS NOT NULL AND (numbers, member) > (?, ?) AND (numbers, member) <= (?, ?)
     ORDER BY numbers ${order}, member ${order} LIMIT ?`,
  );

/** A member is written as its part of a key, divider included. */
const memberOf = (customer: CustomerId): string => rankKeyOf([], customer);

/** Numbers and member of a key; of a bound that is none, both sort as the whole does. */
const partsOf = (key: RankKey): readonly [string, string] => {
  const [numbers] = key.split('|', 1);
  return [numbers ?? '', key.slice(numbers?.length)];
};

const keyOf = (row: Row): RankKey => `${String(row['numbers'])}${String(row['member'])}`;

/** Numbers of cohorts. */
const numbering = (db: Database) => {
  const select = db.prepare('SELECT number FROM cohorts WHERE tenant = ? AND cohort = ?');
  const insert = db.prepare('INSERT INTO cohorts (tenant, cohort, revision) VALUES (?, ?, 0)');
  const remove = db.prepare('DELETE FROM cohorts WHERE tenant = ? AND cohort = ?');
  const find = (tenant: TenantId, cohort: CohortId): number | undefined => {
    const row = select.get(tenant, cohort);
    return row === undefined ? undefined : Number(row['number']);
  };
  return {
    find,
    assign: (tenant: TenantId, cohort: CohortId): number => {
      const known = find(tenant, cohort);
      if (known !== undefined) return known;
      insert.run(tenant, cohort);
      return find(tenant, cohort) ?? 0;
    },
    forget: (tenant: TenantId, cohort: CohortId): void => void remove.run(tenant, cohort),
  };
};

const headWriter = (db: Database, numberOf: ReturnType<typeof numbering>) => {
  const update = db.prepare(
    'UPDATE cohorts SET revision = ?, head = ? WHERE tenant = ? AND cohort = ? AND revision = ?',
  );
  return (tenant: TenantId, head: CohortHead): boolean => {
    const { cohort, revision } = head;
    if (revision === 1) numberOf.assign(tenant, cohort);
    return update.run(revision, JSON.stringify(head), tenant, cohort, revision - 1).changes > 0;
  };
};

const moveWriter = (db: Database) => {
  const put = db.prepare(
    `INSERT INTO cohort_places (cohort, member, version, numbers) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET version = excluded.version, numbers = excluded.numbers WHERE version <= excluded.version`,
  );
  return (cohort: number, { customer, version, key }: NetMove): void =>
    void put.run(cohort, memberOf(customer), version, key === null ? null : partsOf(key)[0]);
};

const headOf = (row: Row): CohortHead => readStored('cohort', () => CohortHead.parse(JSON.parse(String(row['head']))));

const placeOf = (row: Row): [CustomerId, Place] => [
  customerOfKey(String(row['member'])),
  { key: row['numbers'] === null ? null : keyOf(row), version: Number(row['version']) },
];
