import type { RecordContent } from '#shared/domain/mapping-outcome.ts';
import { PipelineError } from '#shared/domain/pipeline-error.ts';
import type { CrmReader } from '#shared/ports/crm.ts';

/** How the CRM answers: as it should, or not at all in one of three ways. */
export type CrmMood = 'answers' | 'throttles' | 'fails' | 'refuses';

export interface FakeCrm extends CrmReader {
  /** Content by `object/id`. What is not in here is gone. */
  readonly records: Map<string, RecordContent>;
  /** One entry per call that was answered: which ids it asked for. */
  readonly calls: { readonly object: string; readonly ids: readonly string[] }[];
  mood: CrmMood;
  /** What `waitMs` says. */
  budgetMs: number;
  /** Happens while an answer travels. */
  meanwhile: () => Promise<void>;
}

export const fakeCrm = (batchSize = 3): FakeCrm => {
  const crm: FakeCrm = {
    batchSize,
    records: new Map(),
    calls: [],
    mood: 'answers',
    budgetMs: 0,
    meanwhile: async () => undefined,
    waitMs: () => crm.budgetMs,
    readAll: async (object, ids) => {
      refuseBy(crm.mood);
      crm.calls.push({ object, ids });
      const found = ids.flatMap((id) => {
        const content = crm.records.get(`${object}/${id}`);
        return content === undefined ? [] : [[id, content] as const];
      });
      await crm.meanwhile();
      return new Map(found);
    },
  };
  return crm;
};

const refuseBy = (mood: CrmMood): void => {
  switch (mood) {
    case 'answers':
      return;
    case 'throttles':
      throw new PipelineError('CRM_THROTTLED', 'too many calls', { retryable: true, retryAfterMs: 60_000 });
    case 'fails':
      throw new PipelineError('CRM_UNAVAILABLE', 'no answer', { retryable: true });
    case 'refuses':
      throw new PipelineError('CRM_REFUSED', 'missing scope', { retryable: false });
  }
};
