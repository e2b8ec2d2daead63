import { type Alarm, alarm } from './alarm.ts';
import { failedSteps, ofClock, ofEntry, ofFunction, ofStage, sumOf } from './figures.ts';
import type { Watched, Watching } from './watched.ts';

/** A sender is to have its answer within three seconds. */
const longestAnswerMs = 3_000;

/** Where things begin: webhooks, and the clock. */
export const edgeAlarms = (watched: Watched, watching: Watching): readonly Alarm[] => [
  alarm(
    ['entry-errors'],
    'Webhooks were answered with an error of ours: find out which and have the CRM send them again.',
    ofEntry(watched, 'failed', 'Sum'),
  ),
  alarm(
    ['entry-slow'],
    'Senders wait longer than three seconds for an answer and may give up: look at the brokers and at cold starts.',
    ofEntry(watched, 'latency', 'p99'),
    { limit: longestAnswerMs, periods: 3 },
  ),
  alarm(
    ['spilled'],
    'The stream did not answer in time: webhooks go to the table. Nothing is lost; bring the brokers back.',
    ofStage(watching, 'receive-webhook', 'spilled', 'Sum'),
  ),
  ...silence(watching),
  ...clockAlarms(watched, watching),
];

/** Nobody can tell silence from an entrance that is closed to the sender. */
const silence = (watching: Watching): readonly Alarm[] =>
  watching.silentHours === undefined
    ? []
    : [
        alarm(
          ['silence'],
          `No webhook came in ${watching.silentHours} hours: see whether the CRM still sends, and whereto.`,
          ofStage(watching, 'receive-webhook', 'in', 'Sum'),
          { beyond: 'below', limit: 1, minutes: 60, periods: watching.silentHours, withoutFigures: 'beyond' },
        ),
      ];

const clockAlarms = ({ functions, scheduleGroup }: Watched, watching: Watching): readonly Alarm[] => [
  alarm(
    ['clock-stopped'],
    'Nothing happens by the clock: no reviews, retries or read-backs. See whether the schedule is there and enabled.',
    ofFunction(functions['keep-time'], 'Invocations', 'Sum'),
    { beyond: 'below', limit: 1, periods: 2, withoutFigures: 'beyond' },
  ),
  alarm(
    ['clock-refused'],
    'The schedule could not call keep-time: see its role, and whether keep-time is throttled.',
    sumOf([ofClock(scheduleGroup, 'TargetErrorCount'), ofClock(scheduleGroup, 'InvocationDroppedCount')]),
  ),
  alarm(
    ['clock-steps'],
    'A step of the clock fails every time: its log says which one and why.',
    failedSteps(watching),
    { periods: 3 },
  ),
];
