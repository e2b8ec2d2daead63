import type { DecidesAgain } from '../domain/ledger.ts';
import type { Grader } from './grader.ts';

/** Decides ledger entries again by these models; an entry of another version than they are is left undecided. */
export const decidesAgainBy = (graders: readonly Pick<Grader, 'model' | 'decidesSame'>[]): DecidesAgain => {
  const byHash = new Map(graders.map((grader) => [grader.model.hash, grader]));
  return (body) => byHash.get(body.model.hash)?.decidesSame(body);
};
