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

export type ReadModel =
  | { readonly ok: true; readonly model: Model }
  | { readonly ok: false; readonly faults: readonly ModelFault[] };

/** Reads what stands in a model file (YAML or JSON, already parsed). An unknown setting is reported at its own key. */
export const readModel = (input: unknown): ReadModel => {
  const parsed = Model.safeParse(input);
  if (parsed.success) return { ok: true, model: parsed.data };
  return { ok: false, faults: parsed.error.issues.flatMap(faultsOf) };
};

const faultsOf = (issue: z.core.$ZodIssue): readonly ModelFault[] => {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: `unknown setting ${key}` }));
  const meant = issue.code === 'invalid_union' ? alternativeMeant(issue.errors) : undefined;
  if (meant === undefined) return [{ path: issue.path, message: issue.message }];
  return meant.flatMap(faultsOf).map(({ path, message }) => ({ path: [...issue.path, ...path], message }));
};

/** Of several objects the one whose keys were written: its faults lie inside. Undefined when none or several were. */
const alternativeMeant = (
  errors: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined => {
  const lacks = (issues: readonly z.core.$ZodIssue[]): boolean =>
    issues.some(
      ({ code, path }) =>
        path.length === 0 && (code === 'unrecognized_keys' || code === 'invalid_type' || code === 'invalid_union'),
    );
  const found = errors.filter((issues) => !lacks(issues));
  return found.length === 1 ? found[0] : undefined;
};
