import { arePrivate } from '../config/placement.ts';
import type { Stage } from '../config/stage.ts';
import { zoneCount } from '../config/zones.ts';
import { sizes } from './assumptions.ts';
import type { Item } from './line.ts';
import { hoursPerMonth } from './price-list.ts';
import { placed, type Situation } from './situation.ts';
import { gbOf } from './traffic.ts';

/** Ways out and ways to AWS. What an existing network has already is not charged for again, but for what goes through it. */
export const networkItems = (situation: Situation): readonly Item[] => {
  const goingOut = placed(situation, 'way-out');
  return [
    ...gateways(situation.stage, goingOut.length > 0),
    ...(goingOut.length === 0
      ? []
      : [{ kind: 'nat-traffic', item: 'nat-traffic', quantity: outwardGb(situation) } as const]),
    ...endpoints(situation),
  ];
};

const gateways = ({ network }: Stage, isUsed: boolean): readonly Item[] => {
  if (!isUsed || network.kind !== 'new' || network.wayOut.kind === 'none') return [];
  const hours = network.wayOut.gateways * hoursPerMonth;
  return [
    { kind: 'nat', item: 'nat-gateway', quantity: hours },
    { kind: 'addresses', item: 'public-ip', quantity: hours },
  ];
};

const outwardGb = (situation: Situation): number => {
  const names = placed(situation, 'way-out');
  const { readBacks, deliveries } = situation.traffic;
  return (
    (names.includes('resolve-records') ? gbOf(readBacks, sizes.readBack) : 0) +
    (names.includes('act-on-changes') ? gbOf(deliveries, sizes.delivery) : 0)
  );
};

/** Secrets Manager's for functions that have no other way to it, and two for pollers that are not our own. The table's is free. */
const endpoints = (situation: Situation): readonly Item[] => {
  const { network, mappings } = situation.stage;
  const hasSecrets = network.kind === 'existing' && !network.secretsEndpoint;
  const forSecrets = !hasSecrets && placed(situation, 'private').length > 0 ? 1 : 0;
  const forPollers = network.kind === 'new' && arePrivate(situation.stage) && mappings.mode === 'plain' ? 2 : 0;
  const quantity = (forSecrets + forPollers) * zoneCount(situation.stage) * hoursPerMonth;
  return quantity === 0 ? [] : [{ kind: 'endpoint', item: 'interface-endpoint-zone', quantity }];
};
