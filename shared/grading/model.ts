import type * as z from 'zod';
import { modelFaults } from './model-faults.ts';
import { ModelShape } from './model-shape.ts';
import { segmentFaults } from './segment-faults.ts';

/**
 * A grading model: the file a company writes, strict. Texts come out in both languages, defaults filled in.
 * A model that passes can be compiled; an issue's `path` leads to the offending place, `params` hold its message in both languages.
 */
export const Model = ModelShape.superRefine((model, ctx) => {
  const segments = model.segments.map((segment, i) => segmentFaults(model, segment, ['segments', i]));
  for (const { path, message } of [...modelFaults(model), ...segments.flatMap(({ faults }) => faults)])
    ctx.addIssue({ code: 'custom', path: [...path], message: message.en, params: message });
  // an issue found before is one to be reported again, once it says what it is about
  for (const issue of segments.flatMap(({ issues }) => issues))
    ctx.issues.push({ ...issue, input: model } as z.core.$ZodRawIssue);
});
export type Model = Readonly<z.output<typeof Model>>;
