import { type DigestBy, summariesOf } from '../domain/delivery-digest.ts';
import type { Language } from '../domain/message.ts';
import { waitsForSummary } from '../domain/model-alerts.ts';
import type { ActionStore } from '../ports/action-store.ts';

export interface SendSummariesDeps {
  readonly actions: Pick<ActionStore, 'findWaitingAlerts' | 'commitDigest'>;
  readonly channels: Readonly<Record<string, { readonly digestBy: DigestBy }>>;
  readonly language: Language;
  /** SHA-256 as lower-case hex. */
  readonly hash: (text: string) => string;
}

/** The most alerts that one summary stands for. */
const mostAlerts = 2_000;

/**
 * Puts one summary per channel and recipient in the place of the alerts that wait for it; of very many alerts several. Called again it
 * finds what a crash left.
 */
export const sendSummaries =
  ({ actions, channels, language, hash }: SendSummariesDeps) =>
  async (): Promise<void> => {
    for (const [name, { digestBy }] of Object.entries(channels)) {
      // alerts that wait for something else may stand before them
      for (let limit = mostAlerts; ; ) {
        const waiting = await actions.findWaitingAlerts(name, limit);
        const held = waiting.filter(waitsForSummary).slice(0, mostAlerts);
        let isCommitted = false;
        for (const summary of summariesOf(held, digestBy, language, hash))
          isCommitted = (await actions.commitDigest(summary)) || isCommitted;
        if (waiting.length < limit && !isCommitted) break;
        if (!isCommitted) limit *= 2;
      }
    }
  };
