import type { Path } from './model-fault.ts';
import type { Factor, ModelShape } from './model-shape.ts';

/** Every factor of a weighted sum, with its group and where it stands; none where one signal is the score. */
export const placedFactors = ({
  score,
}: Pick<ModelShape, 'score'>): readonly { readonly factor: Factor; readonly group: string; readonly path: Path }[] =>
  score.combine === 'single'
    ? []
    : Object.entries(score.groups).flatMap(([group, { factors }]) =>
        factors.map((factor, i) => ({ factor, group, path: ['score', 'groups', group, 'factors', i] })),
      );
