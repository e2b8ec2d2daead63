import type { Stage } from './stage.ts';

/** How many zones a network spans. A new one takes two where none are named: more are not certain to be there. */
export const zoneCount = ({ network }: Pick<Stage, 'network'>): number => {
  switch (network.kind) {
    case 'new':
      return network.zones?.length ?? 2;
    case 'existing':
      return network.zones.length;
    case 'none':
      return 0;
  }
};
