import type { Signal } from './signal.ts';

/**
 * How a signal's value moves although nothing happens: not at all; at the instants at which facts cease to count; at some or all
 * midnights; all the time in proportion to itself; by one each day for everybody.
 */
export type Movement = 'still' | 'expires' | 'daily' | 'fades' | 'ages';

export const movementOf = ({ from, agg, window, decay }: Signal): Movement => {
  if ('attribute' in from) return 'still';
  if ('model' in from) return isAboutTime(from.model) ? 'daily' : 'still';
  if (agg === 'daysSinceLast' || agg === 'daysSinceFirst') return 'ages';
  if (decay !== undefined) return decay.align === 'day' ? 'daily' : 'fades';
  return window !== undefined && 'last' in window ? 'expires' : 'still';
};

/** Whether a customer still buys is a question of the time since the last purchase. */
const isAboutTime = (model: string): boolean => model === 'clv' || model.includes('bgnbd');
