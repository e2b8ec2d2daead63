import * as z from 'zod';
import { stateOf } from '../../../shared/adapters/sqlite/customer-store.ts';
import type { Database, Row } from '../../../shared/adapters/sqlite/database.ts';
import { readStored } from '../../../shared/adapters/sqlite/sqlite-failure.ts';
import { HeldGrade } from '../../../shared/domain/customer-state.ts';
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

/** Rows read at a time: places may be empty. */
const stride = 1_000;

/**
 * Asks the customers in a range of rows, all as of one moment of the store, in the order in which they lie in the file: the rest
 * of a state stays where it is. Whoever is held by hand, took part in a merge or says nothing, as few do, is read in full.
 */
export const surveyRows = (
  db: Database,
  { tenant, after, upTo }: RowRange,
  { against, ...request }: PopulationRequest,
  done: (customers: number) => void,
): Survey => {
  const asking = surveyor(request);
  const path = `$.grades."${against}"`;
  // by the index on tenants every page would have to go through all of it
  const page = db.prepare(
    `SELECT customer, records, held ->> ?1 AS grade,
       held -> '$.hold' IS NOT NULL OR held -> '$.merges' IS NOT NULL AS special
     FROM customers NOT INDEXED WHERE rowid > ?2 AND rowid <= ?3 AND tenant = ?4 ORDER BY rowid`,
  );
  const whole = db.prepare('SELECT * FROM customers WHERE tenant = ? AND customer = ?');
  const inFull = ({ customer }: Row): SurveyedCustomer | undefined =>
    surveyedState(stateOf(tenant, whole.get(tenant, String(customer)) ?? {}), against);
  db.snapshot(() => {
    for (let from = after; from < upTo; from += stride) {
      const rows = page.all(path, from, Math.min(upTo, from + stride), tenant);
      for (const row of rows) {
        const one = (row['special'] === 0 ? customerIn(row) : undefined) ?? inFull(row);
        if (one !== undefined) asking.take(one);
      }
      if (rows.length > 0) done(rows.length);
    }
  });
  return asking.survey();
};

const Held = HeldGrade.pick({ grade: true, waiting: true, model: true });
const Id = z.string().transform((text) => text as CustomerId);

/** Undefined where the records say nothing: whether the customer is still one, the whole state tells. */
const customerIn = ({ customer, records, grade }: Row): SurveyedCustomer | undefined =>
  readStored('customer', () => {
    const profile = unpackProfile(records as Uint8Array);
    if (profile.facts.length === 0 && Object.keys(profile.attributes).length === 0) return undefined;
    const held = typeof grade === 'string' ? Held.parse(JSON.parse(grade)) : undefined;
    return { customer: Id.parse(customer), profile, held, hold: undefined };
  });
