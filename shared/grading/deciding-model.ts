import { type CustomerId, isOfKind } from '../domain/ids.ts';
import type { Grader } from './grader.ts';

/** The model that decides a customer's grade: the first that grades its kind. The others are further dimensions. */
export const decidingModel = <G extends Pick<Grader, 'subject'>>(
  graders: readonly G[],
  customer: CustomerId,
): G | undefined => graders.find(({ subject }) => isOfKind(customer, subject));
