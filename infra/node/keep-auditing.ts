import { setTimeout as sleep } from 'node:timers/promises';
import { auditAtNight, type NightAuditDeps } from '../../functions/keep-time/audit-at-night.ts';
import { keepTicking, type Ticking } from './keep-ticking.ts';

export type AuditingParts = Omit<NightAuditDeps, 'pause'>;

const everyMs = 10 * 60_000;
/** After each page of rows: the audit has the whole night. */
const pauseMs = 5;

/** Counts every cohort once a night. */
export const keepAuditing = (parts: AuditingParts): Ticking => {
  let stopping = false;
  const turn = auditAtNight({
    ...parts,
    pause: async () => {
      await sleep(pauseMs);
      return !stopping;
    },
  });
  const ticking = keepTicking('audit cohorts', everyMs, turn, parts.log);
  return {
    stop: async () => {
      stopping = true;
      await ticking.stop();
    },
  };
};
