import * as z from 'zod';
import { stateOf } from '../../../shared/adapters/sqlite/customer-store.ts';
import type { Database, Row } from '../../../shared/adapters/sqlite/database.ts';
import { readStored } from '../../../shared/adapters/sqlite/sqlite-failure.ts';
import { HeldGrade } from '../../../shared/domain/customer-state.ts';
import { Hold } from '../../../shared/domain/hold.ts';
import type { CustomerId, TenantId } from '../../../shared/domain/ids.ts';
import { unpackProfile } from '../../../shared/domain/packed-profile.ts';
import { type Survey, type SurveyedCustomer, surveyor } from '../../../shared/grading/simulate/survey.ts';
import type { PopulationRequest } from '../../cli/population.ts';
import { surveyedState } from './survey-states.ts';

/** Rows after the one place, up to the other. Plain data. */
export interface RowRange {
  readonly tenant: TenantId;
  readonly after: number;
  readonly upTo: number;
}

const pageSize = 1_000;

/**
 * Asks the customers in a range of rows, all as of one moment of the store, in the order in which they lie in the file: the rest
 * of a state stays where it is.
 */
export const surveyRows = (
  db: Database,
  { tenant, after, upTo }: RowRange,
  { against, ...request }: PopulationRequest,
  done: (customers: number) => void,
): Survey => {
  const asking = surveyor(request);
  const page = db.prepare(
    `SELECT rowid AS place, customer, records, held ->> ?1 AS grade, held ->> '$.hold' AS hold,
       held -> '$.merges' IS NOT NULL AS merged FROM customers
     WHERE rowid > ?2 AND rowid <= ?3 AND tenant = ?4 ORDER BY rowid LIMIT ${pageSize}`,
  );
  const whole = db.prepare('SELECT * FROM customers WHERE rowid = ?');
  /** Whoever took part in a merge is more than its own records: few are. */
  const mergedIn = (row: Row): SurveyedCustomer | undefined =>
    surveyedState(stateOf(tenant, whole.get(Number(row['place'])) ?? {}), against);
  db.snapshot(() => {
    let place = after;
    for (;;) {
      const rows = page.all(`$.grades."${against}"`, place, upTo, tenant);
      for (const row of rows) {
        const one = row['merged'] === 0 ? customerIn(row) : mergedIn(row);
        if (one !== undefined) asking.take(one);
      }
      if (rows.length > 0) done(rows.length);
      if (rows.length < pageSize) return;
      place = Number(rows.at(-1)?.['place']);
    }
  });
  return asking.survey();
};

const Held = HeldGrade.pick({ grade: true, waiting: true, model: true });
const Id = z.string().transform((text) => text as CustomerId);

const customerIn = ({ customer, records, grade, hold }: Row): SurveyedCustomer =>
  readStored('customer', () => ({
    customer: Id.parse(customer),
    profile: unpackProfile(records as Uint8Array),
    held: grade === null ? undefined : Held.parse(JSON.parse(String(grade))),
    hold: hold === null ? undefined : Hold.parse(JSON.parse(String(hold))),
  }));
