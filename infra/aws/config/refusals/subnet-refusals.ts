import { type Refusal, refusal } from '../refusal.ts';
import type { Network, Stage } from '../stage.ts';

/** Zones and subnets that do not belong together. */
export const subnetRefusals = ({ network, region }: Stage): Refusal[] => {
  if (network.kind === 'none') return [];
  return [
    ...foreignZones(network.zones ?? [], region),
    ...repeated(network.zones ?? [], ['network', 'zones'], 'zone'),
    ...(network.kind === 'existing' ? existingRefusals(network) : tightBlock(network)),
  ];
};

/** A subnet of AWS has no fewer addresses than a /28; room is set aside for four zones, or for eight. */
const tightBlock = ({ cidr, zones = [] }: Extract<Network, { kind: 'new' }>): Refusal[] =>
  zones.length > 4 && cidr.endsWith('/24')
    ? [refusal(['network', 'cidr'], `${zones.length} zones do not fit into a /24`, 'write a block of /23 or larger')]
    : [];

type ExistingNetwork = Extract<Network, { kind: 'existing' }>;

const existingRefusals = ({ zones, privateSubnetIds, outSubnetIds, routeTableIds }: ExistingNetwork): Refusal[] => [
  ...onePerZone('privateSubnetIds', privateSubnetIds, zones),
  ...(outSubnetIds === undefined ? [] : onePerZone('outSubnetIds', outSubnetIds, zones)),
  ...repeated([...privateSubnetIds, ...(outSubnetIds ?? [])], ['network'], 'subnet'),
  ...repeated(routeTableIds, ['network', 'routeTableIds'], 'route table'),
];

const foreignZones = (zones: readonly string[], region: string): Refusal[] =>
  zones.flatMap((zone, index) =>
    zone.slice(0, -1) === region
      ? []
      : [refusal(['network', 'zones', index], `${zone} is no zone of ${region}`, `name zones such as ${region}a`)],
  );

const onePerZone = (key: string, subnets: readonly string[], zones: readonly string[]): Refusal[] =>
  subnets.length === zones.length
    ? []
    : [
        refusal(
          ['network', key],
          `${subnets.length} subnets for ${zones.length} zones`,
          'name one subnet per zone, in the order of network.zones',
        ),
      ];

const repeated = (ids: readonly string[], path: readonly string[], what: string): Refusal[] => {
  const twice = ids.find((id, index) => ids.indexOf(id) < index);
  return twice === undefined ? [] : [refusal(path, `the ${what} ${twice} stands here twice`, 'name each once')];
};
