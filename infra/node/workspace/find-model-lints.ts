import type { Language } from '../../../shared/domain/message.ts';
import type { Model } from '../../../shared/grading/model.ts';
import { lintModel } from '../../../shared/grading/model-lints.ts';
import type { Finding } from './problem.ts';

/** What works in a model, and perhaps not as its author thinks. */
export const findModelLints = (model: Model, language: Language): Finding[] =>
  lintModel(model).map(({ path, message }) => ({
    path,
    part: 'value',
    severity: 'warning',
    message: message[language],
  }));
