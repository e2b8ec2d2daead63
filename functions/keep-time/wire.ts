import { type KeepTimeDeps, keepTime, sweepUnpublished } from '../../shared/usecases/keep-time.ts';

/** Puts what fell due back on its topic, and sends again what a crash left unpublished. Called by whatever clock there is. */
export const wireKeepTime = (parts: KeepTimeDeps) => ({ keep: keepTime(parts), sweep: sweepUnpublished(parts) });
