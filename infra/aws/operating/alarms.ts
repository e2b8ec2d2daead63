import type { Alarm } from './alarm.ts';
import { brokerAlarms } from './broker-alarms.ts';
import { edgeAlarms } from './edge-alarms.ts';
import { flowAlarms } from './flow-alarms.ts';
import { functionAlarms } from './function-alarms.ts';
import { tableAlarms } from './table-alarms.ts';
import type { Watched, Watching } from './watched.ts';

/** Every alarm of a stage. Each has its section in `infra/aws/runbook.md`. */
export const alarmsOf = (watched: Watched, watching: Watching): readonly Alarm[] => [
  ...edgeAlarms(watched, watching),
  ...functionAlarms(watched, watching),
  ...flowAlarms(watched, watching),
  ...tableAlarms(watched),
  ...brokerAlarms(watched),
];
