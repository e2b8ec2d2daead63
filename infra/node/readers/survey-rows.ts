import * as z from 'zod';
import type { Database, Row } from '../../../shared/adapters/sqlite/database.ts';
import { readStored } from '../../../shared/adapters/sqlite/sqlite-failure.ts';
import { HeldGrade } from '../../../shared/domain/customer-state.ts';
import { Hold } from '../../../shared/domain/hold.ts';
import { CustomerId } from '../../../shared/domain/ids.ts';
import { unpackProfile } from '../../../shared/domain/packed-profile.ts';
import { type Survey, type SurveyedCustomer, surveyor } from '../../../shared/grading/simulate/survey.ts';
import type { PopulationRequest } from '../../cli/population.ts';

/** Rows after the one place, up to the other. Plain data. */
export interface RowRange {
  readonly tenant: string;
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
    `SELECT rowid AS place, customer, records, held ->> ?1 AS grade, held ->> '$.hold' AS hold FROM customers
     WHERE rowid > ?2 AND rowid <= ?3 AND tenant = ?4 ORDER BY rowid LIMIT ${pageSize}`,
  );
  db.snapshot(() => {
    let place = after;
    for (;;) {
      const rows = page.all(`$.grades."${against}"`, place, upTo, tenant);
      for (const row of rows) asking.take(customerIn(row));
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
