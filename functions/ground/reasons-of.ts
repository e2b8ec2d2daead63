import type { GradeChange } from '../../shared/domain/change.ts';
import type { Language } from '../../shared/domain/message.ts';
import { reasonSentences } from '../../shared/grading/explain.ts';
import type { ModelsInForce } from '../../shared/usecases/models-in-force.ts';

/**
 * The sentences that explain a change, by the model that decided it, else by the one of its id that grades now. None where there is
 * no such model any more.
 */
export const reasonsOf =
  (models: Pick<ModelsInForce, 'known'>, timezone: string) =>
  (change: GradeChange, language: Language): readonly string[] => {
    const known = models.known();
    const found =
      known.find(({ hash }) => hash === change.model.hash) ??
      known.findLast(({ model }) => model.id === change.model.id);
    return found === undefined ? [] : reasonSentences(change, found.model, language, timezone);
  };
