import { functions as definitions, type FunctionName, functionNames } from '../../../shared/definitions/functions.ts';
import { type Alarm, alarm } from './alarm.ts';
import { fedFunctions, ofFunction, ofMapping, sumOf } from './figures.ts';
import type { Watched, Watching } from './watched.ts';

/** Of the time a function has: who needs more than that is about to be cut off. */
const mostOfTimeout = 0.9;
/** Of what is reserved. */
const mostOfConcurrency = 0.8;
/** Below it the share says nothing: one of two is half of all. */
const leastConcurrency = 5;

/** What Lambda says of functions and mappings. */
export const functionAlarms = (watched: Watched, { provisioned, teller }: Watching): readonly Alarm[] => [
  ...functionNames.flatMap((name) => alarmsOf(name, watched)),
  ...(provisioned ? fedFunctions(watched).flatMap(mappingAlarms) : []),
  ...(teller === undefined ? [] : [untold(teller)]),
];

const alarmsOf = (name: FunctionName, { functions }: Watched): readonly Alarm[] => {
  const watched = functions[name];
  const { concurrency } = watched;
  return [
    alarm(
      ['errors', name],
      `${name} failed or ran out of time: its log says why. What it worked on comes again.`,
      ofFunction(watched, 'Errors', 'Sum'),
    ),
    alarm(
      ['throttles', name],
      `${name} was wanted more often than it may run: see the account's concurrency, then raise functions.${name}.concurrency.`,
      ofFunction(watched, 'Throttles', 'Sum'),
    ),
    alarm(
      ['near-timeout', name],
      `${name} needs nearly all of its ${definitions[name].timeoutSeconds} seconds: see what it waits for, or give it more memory.`,
      ofFunction(watched, 'Duration', 'Maximum'),
      { limit: definitions[name].timeoutSeconds * 1_000 * mostOfTimeout, periods: 3 },
    ),
    ...(concurrency === undefined || concurrency < leastConcurrency
      ? []
      : [
          alarm(
            ['concurrency', name],
            `${name} runs nearly as often at once as it may (${concurrency}): raise functions.${name}.concurrency before it is throttled.`,
            ofFunction(watched, 'ConcurrentExecutions', 'Maximum'),
            { limit: concurrency * mostOfConcurrency, periods: 3 },
          ),
        ]),
  ];
};

/** It cannot be told where it happened: mail and the dashboard say it. */
const untold = (teller: string): Alarm =>
  alarm(
    ['untold'],
    'An alarm could not be told on its channel: the log of tell-alarms says why. Look at the other alarms here.',
    ofFunction({ name: teller }, 'Errors', 'Sum'),
  );

const mappingAlarms = ({
  name,
  mappingId,
}: {
  readonly name: FunctionName;
  readonly mappingId: string;
}): readonly Alarm[] => [
  alarm(
    ['dropped', name],
    `Lambda dropped records for ${name} and kept no copy: they are on their topic until it forgets them. Replay from the CRM.`,
    ofMapping(mappingId, 'DroppedEventCount', 'Sum'),
  ),
  alarm(
    ['given-up', name],
    `Lambda gave up records for ${name} and kept them: find the cause, then replay them.`,
    ofMapping(mappingId, 'OnFailureDestinationDeliveredEventCount', 'Sum'),
  ),
  alarm(
    ['mapping-errors', name],
    `The mapping of ${name} cannot poll, call or commit: see its state, the sign-in to the brokers and its grants.`,
    sumOf(
      ['PollingErrorCount', 'InvokeErrorCount', 'CommitErrorCount', 'OnFailureDestinationDeliveryErrorCount'].map(
        (metric) => ofMapping(mappingId, metric, 'Sum'),
      ),
    ),
    { periods: 3 },
  ),
];
