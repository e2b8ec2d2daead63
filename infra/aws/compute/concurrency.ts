import { type FunctionName, functions } from '../../../shared/definitions/functions.ts';
import { intakeConcurrency } from '../config/intake-concurrency.ts';
import type { Stage } from '../config/stage.ts';

/** A round that a slow CRM holds up keeps the next one from nothing; a third would find all leases taken. */
const rounds = 2;

/**
 * The most that run at once. The intake's is bounded by the connections that the brokers take; who reads a topic is bounded by
 * its partitions already.
 */
export const concurrencyOf = (name: FunctionName, stage: Stage): number | undefined => {
  switch (functions[name].calledBy.kind) {
    case 'http':
      return intakeConcurrency(stage);
    case 'clock':
      return stage.functions[name]?.concurrency ?? rounds;
    case 'topic':
      return stage.functions[name]?.concurrency;
  }
};
