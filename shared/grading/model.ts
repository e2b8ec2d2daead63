import type * as z from 'zod';
import type { ModelFault } from './model-fault.ts';
import { modelFaults } from './model-faults.ts';
import { ModelShape } from './model-shape.ts';

/**
 * A grading model: the file a company writes, strict. Texts come out in both languages, defaults filled in.
 * A model that passes can be compiled; an issue's `path` leads to the offending place.
 */
export const Model = ModelShape.superRefine((model, ctx) => {
  for (const { path, message } of modelFaults(model)) ctx.addIssue({ code: 'custom', path: [...path], message });
});
export type Model = Readonly<z.output<typeof Model>>;

export type ReadModel = { readonly ok: true; readonly model: Model } | { readonly ok: false; readonly faults: readonly ModelFault[] };

/** Reads what stands in a model file (YAML or JSON, already parsed). An unknown setting is reported at its own key. */
export const readModel = (input: unknown): ReadModel => {
  const parsed = Model.safeParse(input);
  if (parsed.success) return { ok: true, model: parsed.data };
  return { ok: false, faults: parsed.error.issues.flatMap(faultsOf) };
};

const faultsOf = (issue: z.core.$ZodIssue): readonly ModelFault[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({ path: [...issue.path, key], message: `unknown setting ${key}` }))
    : [{ path: issue.path, message: issue.message }];
