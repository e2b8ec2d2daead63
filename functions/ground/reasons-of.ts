import type { GradeChange } from '../../shared/domain/change.ts';
import type { Language } from '../../shared/domain/message.ts';
import { reasonSentences } from '../../shared/grading/explain.ts';
import type { Model } from '../../shared/grading/model.ts';

/** The sentences that explain a change, by the model that decided it. None where that model is not listed any more. */
export const reasonsOf = (models: readonly { readonly model: Model }[], timezone: string) => {
  const byId = new Map(models.map(({ model }) => [model.id, model]));
  return (change: GradeChange, language: Language): readonly string[] => {
    const model = byId.get(change.model.id);
    return model === undefined ? [] : reasonSentences(change, model, language, timezone);
  };
};
