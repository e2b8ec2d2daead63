import { type Alarm, alarm, fivesIn } from './alarm.ts';
import { fedFunctions, latency, ofFunction, ofStage, waitsInVain } from './figures.ts';
import type { Watched, Watching } from './watched.ts';

/** How long the same records may come again before somebody has to look. */
const comingAgainMinutes = 30;
/** How long received and accounted for may differ: they are not read at one moment. */
const unbalancedMinutes = 30;

/** What the functions say of their own work: is anything late, stuck, given up or lost. */
export const flowAlarms = (watched: Watched, watching: Watching): readonly Alarm[] => {
  const { lagMinutes } = watching;
  const late = { limit: lagMinutes * 60, periods: 3 };
  const standing = { periods: fivesIn(lagMinutes) };
  return [
    ...fedFunctions(watched).flatMap(({ name }): readonly Alarm[] => [
      alarm(
        ['late', name],
        `${name} works on records that waited longer than ${lagMinutes} minutes: see what it waits for, then let more run.`,
        ofStage(watching, name, 'oldest', 'Maximum'),
        late,
      ),
      alarm(
        ['stuck', name],
        `Records wait for ${name} and it works on none: see its mapping, then its log.`,
        waitsInVain(ofFunction(watched.functions[name], 'OffsetLag', 'Minimum'), ofStage(watching, name, 'in', 'Sum')),
        standing,
      ),
      alarm(
        ['dead', name],
        `${name} parked what it can never work on: read the reasons, mend them, then replay.`,
        ofStage(watching, name, 'dead', 'Sum'),
      ),
      alarm(
        ['retried', name],
        `The same records come to ${name} again and again: its log says what refuses them.`,
        ofStage(watching, name, 'retried', 'Sum'),
        { periods: fivesIn(comingAgainMinutes) },
      ),
    ]),
    alarm(
      ['read-back'],
      'Records wait to be read from a CRM and none is resolved: the CRM does not answer, or refuses us.',
      {
        formula: 'SUM([IF(waiting > 0, 1, 0), -1 * DIFF(resolved), -1 * DIFF(deduplicated)])',
        of: {
          waiting: ofStage(watching, 'resolve-records', 'waiting', 'Minimum'),
          resolved: ofStage(watching, 'resolve-records', 'hints', 'Maximum', 'resolved'),
          deduplicated: ofStage(watching, 'resolve-records', 'hints', 'Maximum', 'deduplicated'),
        },
      },
      standing,
    ),
    alarm(
      ['spill-waits'],
      'Webhooks wait in the table and are not taken to the stream: bring the brokers back, and see the log of keep-time.',
      ofStage(watching, 'receive-webhook', 'waiting', 'Minimum'),
      standing,
    ),
    alarm(
      ['relay-waits'],
      'Records wait in the table for a topic and keep-time does not take them there: see its log, then the brokers.',
      ofStage(watching, 'keep-time', 'waiting', 'Minimum'),
      standing,
    ),
    alarm(
      ['slow-changes'],
      `One change in a hundred takes longer than ${lagMinutes} minutes from its webhook: see which stage is late.`,
      latency(watching, 'receipt_to_change', 'p99'),
      late,
    ),
    alarm(
      ['unbalanced'],
      'What came in is not what became of it: a webhook is not accounted for. Compare the accounts before anything else.',
      ofStage(watching, 'resolve-records', 'unbalanced', 'Minimum'),
      { periods: fivesIn(unbalancedMinutes) },
    ),
    alarm(
      ['drift'],
      'The nightly audit found a cohort that was not what its rows say, and put it right. Verify the cohorts, and keep the log.',
      ofStage(watching, 'rank-cohorts', 'drift', 'Sum'),
      { minutes: 60 },
    ),
  ];
};
