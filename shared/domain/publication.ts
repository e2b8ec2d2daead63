import type { ModelRef } from './change.ts';
import type { Building, Epoch, ModelInForce, ModelPointer } from './model-pointer.ts';

/** What is to be published: whole lists, the deciding model first. */
export type Wanted = Pick<Epoch, 'at' | 'by' | 'why' | 'alerts'> & { readonly models: readonly ModelRef[] };

/** What an installation is graded by from its first start on. There is nothing to build: nobody was graded before. */
export const firstPointer = ({ models, ...asked }: Wanted): ModelPointer => {
  const live = { ...asked, epoch: 1, models: models.map((model) => ({ ...model, born: 1 })) };
  return { revision: 1, live, past: [], newest: 1 };
};

export type Begun =
  | { readonly outcome: 'begun'; readonly pointer: ModelPointer }
  /** These very models grade already. */
  | { readonly outcome: 'live'; readonly epoch: number }
  /** Another epoch is being built: let it come to its end, or give it up. */
  | { readonly outcome: 'under-way'; readonly epoch: number };

/** Begins to build an epoch. While customers are still being moved to the one before, that ends there: this one takes them all. */
export const beginEpoch = (pointer: ModelPointer, { models, ...asked }: Wanted): Begun => {
  const { live, coming, newest } = pointer;
  if (coming !== undefined) return { outcome: 'under-way', epoch: coming.epoch };
  if (isSameList(live.models, models)) return { outcome: 'live', epoch: live.epoch };
  const epoch = newest + 1;
  const next = { ...asked, epoch, models: models.map((model) => bornIn(model, live.models, epoch)) };
  const building: Building = { epoch, phase: 'waiting', visited: 0 };
  return { outcome: 'begun', pointer: put(pointer, { coming: next, newest: epoch, building }) };
};

/** One that grades now goes on with the cohorts it has. */
const bornIn = (model: ModelRef, live: readonly ModelInForce[], epoch: number): ModelInForce => ({
  ...model,
  born: live.find(({ hash }) => hash === model.hash)?.born ?? epoch,
});

export const isSameList = (a: readonly ModelRef[], b: readonly ModelRef[]): boolean =>
  a.length === b.length && a.every(({ hash }, index) => b[index]?.hash === hash);

/** What was being built never comes to grade. Its cohorts go; customers were not touched. Undefined where nothing is being built. */
export const giveUp = (pointer: ModelPointer): ModelPointer | undefined => {
  const { coming: given, ...rest } = pointer;
  if (given === undefined) return undefined;
  return put(rest, { building: { epoch: rest.live.epoch, phase: 'dropping', visited: 0 } });
};

/** The walk over all customers went on by a page; without a cursor it is over. */
export const walked = (pointer: ModelPointer, cursor: string | undefined, customers: number): ModelPointer => {
  const { building } = pointer;
  if (building === undefined) return pointer;
  const { cursor: _, ...rest } = building;
  const visited = building.visited + customers;
  return put(pointer, { building: { ...rest, visited, ...(cursor === undefined ? {} : { cursor }) } });
};

/** Goes to a phase within the same epoch. */
export const enter = (pointer: ModelPointer, phase: Building['phase']): ModelPointer =>
  put(pointer, { building: { epoch: (pointer.coming ?? pointer.live).epoch, phase, visited: 0 } });

/** Epochs that were live and can be gone back to. */
const mostPast = 50;

/** From here on the coming models grade; every customer is to be moved to them. */
export const flip = (pointer: ModelPointer): ModelPointer => {
  const { coming, ...rest } = pointer;
  if (coming === undefined) return pointer;
  return put(rest, {
    live: coming,
    past: [rest.live, ...rest.past].slice(0, mostPast),
    building: { epoch: coming.epoch, phase: 'moving', visited: 0 },
  });
};

/** Nothing is left to do. */
export const finish = (pointer: ModelPointer): ModelPointer => {
  const { building: _, ...rest } = pointer;
  return put(rest, {});
};

const put = (pointer: ModelPointer, change: Partial<ModelPointer>): ModelPointer => ({
  ...pointer,
  ...change,
  revision: pointer.revision + 1,
});
