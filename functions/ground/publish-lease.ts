import type { ReadLeaseDeps } from './read-lease.ts';

const leaseMs = 60_000;
/** Renewed while it still holds for longer than any step takes. */
const renewAfterMs = 15_000;

/** True for the one of all instances that carries out what was published. Asked often, it is renewed now and then. */
export const publishLease = ({ tokens, clock, holder }: ReadLeaseDeps): (() => Promise<boolean>) => {
  let renewAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = clock.wallNow();
    if (now < renewAt) return true;
    const isHeld = await tokens.acquireLease('publish-models', holder, now, leaseMs);
    renewAt = isHeld ? now + renewAfterMs : Number.NEGATIVE_INFINITY;
    return isHeld;
  };
};
