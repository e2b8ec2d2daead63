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
 * Asks the customers in a range of rows, all as of one moment of the store, in the order in which they lie in the file. Whoever is
 * held by hand, took part in a merge or says nothing, as few do, is read in full.
 */
export const surveyRows = (
  db: Database,
  { tenant, after, upTo }: RowRange,
  { against, ...request }: PopulationRequest,
  done: (customers: number) => void,
): Survey => {
  const asking = surveyor(request);
  // by the index on tenants every page would have to go through all of it
  const page = db.prepare(
    `SELECT customer, records, held FROM customers NOT INDEXED
     WHERE rowid > ? AND rowid <= ? AND tenant = ? ORDER BY rowid`,
  );
  const whole = db.prepare('SELECT * FROM customers WHERE tenant = ? AND customer = ?');
  const inFull = (customer: string): SurveyedCustomer | undefined =>
    surveyedState(stateOf(tenant, whole.get(tenant, customer) ?? {}), against);
  db.snapshot(() => {
    for (let from = after; from < upTo; from += stride) {
      const rows = page.all(from, Math.min(upTo, from + stride), tenant);
      for (const row of rows) {
        const one = customerIn(row, against) ?? inFull(String(row['customer']));
        if (one !== undefined) asking.take(one);
      }
      if (rows.length > 0) done(rows.length);
    }
  });
  return asking.survey();
};

/** Undefined for whoever has to be read in full. */
const customerIn = ({ customer, records, held }: Row, against: string): SurveyedCustomer | undefined =>
  readStored('customer', () => {
    const told = JSON.parse(String(held)) as Told;
    if (told.hold !== undefined || told.merges !== undefined) return undefined;
    const profile = unpackProfile(records as Uint8Array);
    if (profile.facts.length === 0 && Object.keys(profile.attributes).length === 0) return undefined;
    return { customer: String(customer) as CustomerId, profile, held: heldIn(told.grades?.[against]), hold: undefined };
  });

/** Of a state's text what is looked at, checked by hand: a schema of all of it takes longer than grading does. */
interface Told {
  readonly grades?: Readonly<Record<string, Partial<Readonly<Record<keyof HeldGrade, unknown>>>>>;
  readonly hold?: unknown;
  readonly merges?: unknown;
}

const heldIn = (told: NonNullable<Told['grades']>[string] | undefined): SurveyedCustomer['held'] => {
  if (told === undefined) return undefined;
  const { grade, model, waiting } = told;
  if (typeof model !== 'string' || !(grade === null || typeof grade === 'string')) return Held.parse(told);
  return waiting === undefined ? { grade, model } : Held.parse(told);
};

const Held = HeldGrade.pick({ grade: true, waiting: true, model: true });
