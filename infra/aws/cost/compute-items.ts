import { type FunctionDefinition, functionNames, functions } from '../../../shared/definitions/functions.ts';
import { hasFailureControls } from '../config/regions.ts';
import type { Stage } from '../config/stage.ts';
import type { Item } from './line.ts';
import { hoursPerMonth } from './price-list.ts';
import type { Situation } from './situation.ts';

/** Where webhooks come in, and what works on them. */
export const computeItems = ({ stage, traffic, functionLoads }: Situation): readonly Item[] => {
  const calls = functionLoads.reduce((sum, load) => sum + load.calls, 0);
  const entry = stage.entry.kind === 'http-api' ? 'http-api-request' : 'function-url-request';
  const architecture = stage.architecture === 'arm64' ? 'lambda-arm64' : 'lambda-x86_64';
  const pollerUnits = pollerUnitsOf(stage, traffic.topicGb);
  return [
    { kind: 'entry', of: stage.entry.kind, item: entry, quantity: traffic.webhooks / 1e6 },
    { kind: 'function-requests', item: 'lambda-request', quantity: calls / 1e6 },
    ...functionLoads.map(
      ({ name, gbSeconds }): Item => ({ kind: 'function', of: name, item: architecture, quantity: gbSeconds }),
    ),
    ...(pollerUnits === 0
      ? []
      : [{ kind: 'pollers', item: 'poller-unit', quantity: pollerUnits * hoursPerMonth } as const]),
  ];
};

/**
 * A unit has ten pollers, which all mappings share where they can, and takes 20 MB/s:
 * docs.aws.amazon.com/lambda/latest/dg/kafka-scaling-modes.html.
 */
const pollersPerUnit = 10;
const gbPerUnitHour = (20 * 3_600) / 1_024;

const readsTopic = (definition: FunctionDefinition): boolean => definition.calledBy.kind === 'topic';

/** None in plain mode. Pollers that come for a burst are not in it. */
const pollerUnitsOf = ({ mappings, region }: Stage, readGb: number): number => {
  if (mappings.mode === 'plain') return 0;
  const readers = functionNames.filter((name) => readsTopic(functions[name])).length;
  const { least } = mappings.pollers;
  const standing = hasFailureControls(region)
    ? Math.ceil((readers * least) / pollersPerUnit)
    : readers * Math.ceil(least / pollersPerUnit);
  return Math.max(standing, Math.ceil(readGb / hoursPerMonth / gbPerUnitHour));
};
