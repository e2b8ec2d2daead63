import { type CustomerExpr, type Operand, operandsIn } from './expression.ts';
import type { ModelShape } from './model-shape.ts';

/** What scope, guards and tags look at: the rest can only change a grade through the score. */
export interface Watched {
  /** By signal index. */
  readonly signals: readonly boolean[];
  /** True when a group's points, a coverage or the score is looked at. */
  readonly derived: boolean;
}

/** `further`: conditions that decide which segment a customer is in. */
export const watchedBy = (
  model: ModelShape,
  indexOf: ReadonlyMap<string, number>,
  further: readonly CustomerExpr[] = [],
): Watched => {
  const conditions = [
    ...model.guards.map(({ when }) => when),
    ...(model.scope === undefined ? [] : [model.scope.when]),
    ...further,
  ];
  const ties =
    'tieBreak' in model.cutoffs ? model.cutoffs.tieBreak.flatMap((tie) => (tie === 'id' ? [] : [tie.signal])) : [];
  const tags = Object.values(model.tags);
  const operands: readonly Operand[] = [
    ...conditions.flatMap((when) => operandsIn(when, [])).map(({ value }) => value),
    ...tags.flatMap((tag) => ('bands' in tag ? [tag.bands.on] : [])),
  ];
  const signals = Array.from(
    indexOf,
    ([id]) =>
      ties.includes(id) ||
      operands.some((operand) => typeof operand === 'object' && 'signal' in operand && operand.signal === id),
  );
  const derived =
    tags.some((tag) => 'matrix' in tag) ||
    operands.some(
      (operand) => typeof operand === 'object' && ('group' in operand || 'coverage' in operand || 'score' in operand),
    );
  return { signals, derived };
};
