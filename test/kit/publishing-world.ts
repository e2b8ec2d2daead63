import type { CustomerId } from '#shared/domain/ids.ts';
import { canonicalJson } from '#shared/domain/json.ts';
import { type Profile } from '#shared/domain/profile.ts';
import { compileModel } from '#shared/grading/compile-model.ts';
import { Model } from '#shared/grading/model.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import {
  type InForceReader,
  type KnownModel,
  type ModelsInForce,
  modelsInForce,
} from '#shared/usecases/models-in-force.ts';
import type { PublishModelsDeps } from '#shared/usecases/publish-models.ts';
import { type PlantGround, tenant } from './plant.ts';

const day = 86_400_000;

/** What differs between the versions of the model. Shares are tenths. */
export interface Rules {
  readonly a: number;
  readonly b: number;
  readonly byRegion: boolean;
  readonly method: 'rank' | 'share' | 'absolute';
  readonly days: number;
}

/** Net sales of some days, ranked. */
export const modelOf = (version: number, { a, b, byRegion, method, days }: Rules): KnownModel => {
  const relative = { method, upTo: { A: a / 10, B: b / 10 }, tieBreak: ['id'] };
  const model = Model.parse({
    apiVersion: 'grading/v1',
    kind: 'GradingModel',
    id: 'ranked',
    version,
    title: { zh: '排名', en: 'Ranked' },
    subject: 'account',
    timezone: 'Europe/London',
    currency: 'GBP',
    partitions: method === 'absolute' || !byRegion ? [] : ['region'],
    signals: {
      sales: {
        from: { events: ['invoice.paid'] },
        value: { path: 'amount' },
        agg: 'sum',
        window: { last: `P${days}D`, align: 'day' },
      },
    },
    score: { combine: 'single', signal: 'sales' },
    grades: [
      { id: 'A', label: 'A' },
      { id: 'B', label: 'B' },
      { id: 'C', label: 'C' },
    ],
    cutoffs: method === 'absolute' ? { method, atLeast: { A: a * 100, B: b * 10 } } : relative,
  });
  return { model, hash: hashing.sha256(canonicalJson(model)) };
};

export const graderOfKnown = ({ model, hash }: KnownModel) => compileModel(model, hash);

/** The grades of everybody by one version, with a calendar and a sheet of paper. January to March: London is at UTC. */
export const gradesFromScratch = (
  profiles: ReadonlyMap<CustomerId, Profile>,
  now: number,
  { a, b, byRegion, method, days }: Rules,
): ReadonlyMap<CustomerId, string> => {
  const today = Math.floor(now / day);
  const members = [...profiles].map(([customer, { attributes, facts }]) => ({
    customer,
    cohort: byRegion ? String(attributes['region']) : '',
    score: facts
      .filter(({ type, at }) => type === 'invoice.paid' && at <= now && today - Math.floor(at / day) < days)
      .reduce((sum, { amount }) => sum + (amount?.units ?? 0), 0),
  }));
  const grades = new Map<CustomerId, string>();
  for (const cohort of new Set(members.map((one) => one.cohort))) {
    const own = members.filter((one) => one.cohort === cohort);
    own.sort((x, y) => y.score - x.score || (x.customer < y.customer ? -1 : 1));
    const total = own.reduce((sum, { score }) => sum + score, 0);
    let before = 0;
    for (const [i, { customer, score }] of own.entries()) {
      const isIn = (tenths: number): boolean =>
        method === 'rank' ? i < Math.ceil((tenths * own.length) / 10) : score > 0 && before * 10 < tenths * total;
      const [best, good] = method === 'absolute' ? [score >= a * 100, score >= b * 10] : [isIn(a), isIn(b)];
      grades.set(customer, best ? 'A' : good ? 'B' : 'C');
      before += score;
    }
  }
  return grades;
};

/** Several processes that each went by what they read of the pointer, at most as long as the publisher waits for. */
export interface StaleReaders extends InForceReader {
  /** The longest that anybody goes by an old pointer is over. */
  expire(): void;
}

export const staleReaders = (
  { registry }: Pick<PlantGround, 'registry'>,
  { processes, random }: { readonly processes: number; readonly random: () => number },
): StaleReaders => {
  const open = (): ModelsInForce =>
    modelsInForce({ tenant, registry, wallNow: () => 0, cacheMs: Number.POSITIVE_INFINITY });
  const readers = Array.from({ length: processes }, open);
  const isFresh = readers.map(() => false);
  let last = 0;
  const read = (): ModelsInForce => readers[last] ?? open();
  return {
    current: () => {
      last = Math.floor(random() * processes);
      const reads = isFresh[last] !== true || random() < 0.2;
      isFresh[last] = true;
      return reads ? read().reload() : read().current();
    },
    reload: () => read().reload(),
    expire: () => isFresh.fill(false),
  };
};

export class Killed extends Error {}

/** What the publisher works with, of which any call may be its last: before it took effect, or after. */
export const killable = (
  deps: Omit<PublishModelsDeps, 'pause'>,
  { random, chance }: { readonly random: () => number; readonly chance: number },
): Omit<PublishModelsDeps, 'pause'> => {
  const dying =
    <A extends unknown[], T>(call: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      if (random() < chance) throw new Killed();
      const result = await call(...args);
      if (random() < chance) throw new Killed();
      return result;
    };
  const { registry, customers, cohorts, stream } = deps;
  return {
    ...deps,
    registry: { readPointer: dying(registry.readPointer), putPointer: dying(registry.putPointer) },
    customers: { listCustomers: dying(customers.listCustomers) },
    cohorts: { listCohorts: dying(cohorts.listCohorts), dropCohort: dying(cohorts.dropCohort) },
    stream: { append: dying(stream.append) },
  };
};
