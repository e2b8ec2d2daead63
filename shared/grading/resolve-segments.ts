import type { CustomerExpr } from './expression.ts';
import { mergeSettings } from './merge-settings.ts';
import type { Model } from './model.ts';
import { ModelShape } from './model-shape.ts';

/** The model of a segment's customers. */
export interface ResolvedSegment {
  readonly id: string;
  readonly when: CustomerExpr;
  /** Complete, without segments of its own. */
  readonly model: Model;
  /** Its customers are ranked among themselves and leave the model's other cohorts. */
  readonly ownCohort: boolean;
}

/** In their order: the first whose condition holds is a customer's. */
export const resolveSegments = (model: Model): readonly ResolvedSegment[] =>
  model.segments.map(({ id, when, set }) => ({
    id,
    when,
    model: ModelShape.parse(mergeSettings(model, set)),
    ownCohort: set.cutoffs !== undefined || set.partitions !== undefined,
  }));
