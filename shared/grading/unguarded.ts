import type { Model } from './model.ts';

/** The model without its guards and those of its segments: what cut-offs and stability alone make of customers. */
export const unguarded = (model: Model): Model => ({
  ...model,
  guards: [],
  segments: model.segments.map(({ set: { guards: _, ...set }, ...segment }) => ({ ...segment, set })),
});
