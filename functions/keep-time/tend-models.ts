import type { Tending, TendingParts } from './tending.ts';

/** What there is to do about models; how it is done is read once there is something: most rounds find nothing. */
export const tendModels = (parts: TendingParts): Tending => {
  const { tenant, registry, cohorts } = parts;
  let opened: Promise<Tending> | undefined;
  const open = (): Promise<Tending> => {
    opened ??= import('./open-tending.ts').then(({ openTending }) => openTending(parts));
    return opened;
  };
  return {
    publish: async () => {
      if ((await registry.readPointer(tenant))?.building !== undefined) await (await open()).publish();
    },
    audit: async () => {
      const isRanked = opened !== undefined || (await cohorts.listCohorts(tenant, undefined, 1)).cohorts.length > 0;
      if (isRanked) await (await open()).audit();
    },
  };
};
