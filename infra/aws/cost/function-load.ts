import {
  type FunctionDefinition,
  type FunctionName,
  functionNames,
  functions,
} from '../../../shared/definitions/functions.ts';
import type { Stage } from '../config/stage.ts';
import { type Assumptions, durations } from './assumptions.ts';
import { hoursPerMonth } from './price-list.ts';
import type { Traffic } from './traffic.ts';

/** What one function does in a month. */
export interface FunctionLoad {
  readonly name: FunctionName;
  readonly calls: number;
  readonly gbSeconds: number;
}

const secondsPerMonth = hoursPerMonth * 3_600;

type Choices = Pick<Stage, 'functions' | 'mappings'>;

export const functionLoads = (choices: Choices, traffic: Traffic, assumptions: Assumptions): readonly FunctionLoad[] =>
  functionNames.map((name) => {
    const { calls, seconds } = workOf(name, choices, traffic, assumptions);
    const memoryMb = choices.functions[name]?.memoryMb ?? functions[name].memoryMb;
    return { name, calls, gbSeconds: (seconds * memoryMb) / 1_024 };
  });

interface Work {
  readonly calls: number;
  readonly seconds: number;
}

const workOf = (name: FunctionName, choices: Choices, traffic: Traffic, assumptions: Assumptions): Work => {
  const { calledBy }: FunctionDefinition = functions[name];
  switch (calledBy.kind) {
    case 'http':
      return { calls: traffic.webhooks, seconds: (traffic.webhooks * durations.receive) / 1_000 };
    case 'clock': {
      const calls = ticksPerMonth(calledBy.everyMinutes);
      return { calls, seconds: (calls * durations.tick) / 1_000 };
    }
    case 'topic': {
      const records = traffic.recordsOf[calledBy.topic];
      const each = durations.record + outwardMs(name, traffic, records);
      const calls = records / recordsPerCall(records, choices.mappings, assumptions);
      return { calls, seconds: (calls * durations.batch + records * each) / 1_000 };
    }
  }
};

/** Milliseconds per record that a function waits for others than AWS. */
const outwardMs = (name: FunctionName, traffic: Traffic, records: number): number => {
  if (records === 0) return 0;
  if (name === 'resolve-records') return (traffic.readBacks * durations.readBack) / records;
  return name === 'act-on-changes' ? (traffic.deliveries * durations.delivery) / records : 0;
};

/**
 * Records that find themselves in one call: the first, and what follows it at the month's mean rate while the mapping waits and
 * the batch before is read and written. In bursts there are more, so this is rather too dear.
 */
const recordsPerCall = (
  records: number,
  { batchSize, windowSeconds }: Stage['mappings'],
  { recordsPerCall: told }: Assumptions,
): number => {
  const perSecond = records / secondsPerMonth;
  return Math.min(batchSize, told ?? 1 + perSecond * (windowSeconds + durations.batch / 1_000));
};

export const ticksPerMonth = (everyMinutes: number): number => (hoursPerMonth * 60) / everyMinutes;
