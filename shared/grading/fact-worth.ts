import type { Fact, Scalar } from '../domain/fact.ts';
import { majorUnits } from '../domain/money.ts';
import { decimalOf } from './exact-sum.ts';
import type { EventSource, Signal } from './signal.ts';
import { scalarAt } from './view.ts';

/** Reads the value of a fact that a path names: an amount in major units, or a field as it is. */
export const valueReader = (path: string): ((fact: Fact) => Scalar | undefined) => {
  if (!path.startsWith('fields.')) return ({ amount }) => (amount === undefined ? undefined : majorUnits(amount));
  const name = path.slice('fields.'.length);
  return ({ fields }) => scalarAt(fields, name);
};

export type AddUnits = (units: number, scale: number) => void;

/** Hands the exact worth of a fact, sign included, to `add`, `times` being 1 to add and −1 to take away. */
export const exactWorth = (
  { value }: Signal,
  { events }: EventSource,
): ((fact: Fact, kind: number, times: 1 | -1, add: AddUnits) => void) => {
  if (value === undefined) return (_fact, _kind, times, add) => add(times, 0);
  if ('perEvent' in value) {
    const worth = events.map((type) => decimalOf(value.perEvent[type] ?? 0));
    return (_fact, kind, times, add) => add(times * (worth[kind]?.units ?? 0), worth[kind]?.scale ?? 0);
  }
  const signs = events.map((type) => value.sign?.[type] ?? 1);
  if (!value.path.startsWith('fields.'))
    return ({ amount }, kind, times, add) => {
      if (amount !== undefined) add(times * (signs[kind] ?? 1) * amount.units, amount.scale);
    };
  const name = value.path.slice('fields.'.length);
  return ({ fields }, kind, times, add) => {
    const number = scalarAt(fields, name);
    if (typeof number !== 'number') return;
    const { units, scale } = decimalOf(number);
    add(times * (signs[kind] ?? 1) * units, scale);
  };
};
