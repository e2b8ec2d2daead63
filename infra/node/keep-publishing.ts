import type { TenantId } from '../../shared/domain/ids.ts';
import type { ModelPointer } from '../../shared/domain/model-pointer.ts';
import type { Log } from '../../shared/ports/log.ts';
import { type PublishModelsDeps, publishModels } from '../../shared/usecases/publish-models.ts';
import { keepTicking, type Ticking } from './keep-ticking.ts';

export interface PublishingParts extends Omit<PublishModelsDeps, 'pause'> {
  readonly tenant: TenantId;
  /** True for the one of all instances that may carry on now; asked again and again. */
  readonly lease: () => Promise<boolean>;
  /** Between two looks whether anything is to be built. Milliseconds. */
  readonly everyMs: number;
  readonly log: Log;
}

export interface Publishing extends Ticking {
  /** True while an epoch is being built, or customers are moved to it. */
  isBusy(): Promise<boolean>;
}

/** Carries what was published to its end. What fails is tried again: the pointer says how far it is. */
export const keepPublishing = (parts: PublishingParts): Publishing => {
  const { registry, tenant, lease, log } = parts;
  let stopping = false;
  const carry = publishModels({
    ...parts,
    pause: async (ms) => {
      await pauseUnless(() => stopping, ms);
      return !stopping && lease();
    },
  });
  const turn = async (): Promise<boolean> => {
    const pointer = await registry.readPointer(tenant);
    if (pointer?.building === undefined || stopping || !(await lease())) return false;
    log.info(told(pointer), 'carrying out what was published');
    if ((await carry()) === 'done') log.info({ epoch: pointer.building.epoch }, 'every customer is graded by it');
    return false;
  };
  const ticking = keepTicking('publish models', parts.everyMs, turn, log);
  return {
    isBusy: async () => (await registry.readPointer(tenant))?.building !== undefined,
    stop: async () => {
      stopping = true;
      await ticking.stop();
    },
  };
};

const told = ({ building, coming, live }: ModelPointer) => ({
  epoch: building?.epoch,
  phase: building?.phase,
  models: (coming ?? live).models.map(({ id, version }) => `${id} ${version}`).join(', '),
});

const stepMs = 250;

const pauseUnless = async (stopped: () => boolean, ms: number): Promise<void> => {
  for (let left = ms; left > 0 && !stopped(); left -= stepMs)
    await new Promise((resolve) => setTimeout(resolve, Math.min(left, stepMs)));
};
