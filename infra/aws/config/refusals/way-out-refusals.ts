import { functionNames } from '../../../../shared/definitions/functions.ts';
import { aMonth } from '../a-month.ts';
import { type Calls, callsOut, hasFixedIp, placementOf } from '../placement.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { Network, Stage } from '../stage.ts';
import { zoneCount } from '../zones.ts';

/** Functions that could not get out to whom they call, and ways out that nobody takes. */
export const wayOutRefusals = (stage: Stage, calls: Calls): Refusal[] => {
  const { network } = stage;
  if (network.kind === 'none') return [];
  return [...strandedOf(stage, network, calls), ...unusedFixedIp(stage, network, calls), ...tooManyGateways(stage)];
};

const strandedOf = (stage: Stage, network: Network, calls: Calls): Refusal[] => {
  const stranded = functionNames.filter((name) => placementOf(name, stage, calls) === 'way-out');
  if (stranded.length === 0 || hasWayOut(network)) return [];
  const { region } = stage;
  const why = hasFixedIp(stage)
    ? 'every call is to leave from a fixed address'
    : 'they talk to private brokers, so they stand in private subnets';
  const message = `${stranded.join(', ')} call CRMs or channels and could not get out: ${why}`;
  const gateway = aMonth('nat-gateway', region);
  const outside =
    'use brokers that can be reached from outside (kind: kafka, reach: public): the functions then need no network';
  return network.kind === 'existing'
    ? [
        refusal(
          ['network', 'outSubnetIds'],
          message,
          `name outSubnetIds, one subnet with a NAT gateway's route per zone; a gateway is paid for by the hour (${gateway}) and by what passes through it`,
          outside,
        ),
      ]
    : [
        refusal(
          ['network', 'wayOut'],
          message,
          `write wayOut: { kind: nat }; a gateway is paid for by the hour (${gateway}) and by what passes through it`,
          `wayOut: { kind: fixed-ip }, the same with a public address that stays (${aMonth('public-ip', region)})`,
          outside,
        ),
      ];
};

const hasWayOut = (network: Network): boolean => {
  switch (network.kind) {
    case 'new':
      return network.wayOut.kind !== 'none';
    case 'existing':
      return network.outSubnetIds !== undefined;
    case 'none':
      return true;
  }
};

const unusedFixedIp = (stage: Stage, network: Network, calls: Calls): Refusal[] => {
  if (!hasFixedIp(stage) || functionNames.some((name) => callsOut(name, calls))) return [];
  const path = network.kind === 'existing' ? ['network', 'fixedIp'] : ['network', 'wayOut', 'kind'];
  const price = aMonth('nat-gateway', stage.region);
  return [
    refusal(
      path,
      `this workspace calls nobody: nothing would pass through its gateway (${price})`,
      network.kind === 'existing' ? 'leave fixedIp out' : 'write wayOut: { kind: none }',
      'give the workspace a CRM client or a channel',
    ),
  ];
};

const tooManyGateways = (stage: Stage): Refusal[] => {
  const { network, region } = stage;
  if (network.kind !== 'new' || network.wayOut.kind === 'none') return [];
  const { gateways } = network.wayOut;
  const zones = zoneCount(stage);
  return gateways <= zones
    ? []
    : [
        refusal(
          ['network', 'wayOut', 'gateways'],
          `${gateways} gateways for ${zones} zones: a zone has no use for a second one`,
          `write gateways: ${zones} or fewer (each ${aMonth('nat-gateway', region)})`,
          'name more zones in network.zones',
        ),
      ];
};
