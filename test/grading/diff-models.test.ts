import { describe, expect, it } from 'vitest';
import { diffModels } from '#shared/grading/diff-models.ts';
import { Model } from '#shared/grading/model.ts';
import { modelFile, smallModel } from './model-files.ts';

const before = Model.parse(modelFile('existing-abc'));
const guards = before.guards;

describe('diffModels', () => {
  it('has nothing to say of models that say the same', () => {
    expect(diffModels(before, Model.parse(modelFile('existing-abc')))).toEqual([]);
    expect(diffModels(Model.parse(smallModel()), Model.parse(smallModel({ guards: [], partitions: [] })))).toEqual([]);
  });

  it('finds list entries by their names, and conditions as a whole', () => {
    const churned = guards.find(({ id }) => id === 'churned')!;
    const when = { gt: [{ signal: 'daysSinceOrder' }, 180] } as unknown as typeof churned.when;
    const after: Model = {
      ...before,
      version: 2,
      cutoffs: { ...before.cutoffs, atLeast: { A: 400_000, B: 100_000 } } as Model['cutoffs'],
      guards: [{ ...churned, when }, ...guards.filter(({ id }) => id !== 'churned' && id !== 'contract')],
    };
    expect(diffModels(before, after)).toEqual([
      { path: ['version'], kind: 'changed', before: 1, after: 2 },
      { path: ['cutoffs', 'atLeast', 'A'], kind: 'changed', before: 500_000, after: 400_000 },
      { path: ['guards', 'churned', 'when'], kind: 'changed', before: churned.when, after: when },
      { path: ['guards', 'contract'], kind: 'removed', before: guards.find(({ id }) => id === 'contract') },
    ]);
  });

  it('tells a new order of those that stay, and what is new', () => {
    const [first, second, ...rest] = guards;
    const added = { ...first!, id: 'added' };
    const after = { ...before, guards: [added, second!, first!, ...rest] };
    expect(diffModels(before, after)).toEqual([
      {
        path: ['guards'],
        kind: 'reordered',
        before: guards.map(({ id }) => id),
        after: after.guards.map(({ id }) => id),
      },
      { path: ['guards', 'added'], kind: 'added', after: added },
    ]);
  });

  it('says which setting came and went', () => {
    const banded = Model.parse(smallModel({ stability: { hysteresis: { unit: 'score', up: 0, down: 3 } } }));
    const plain = Model.parse(smallModel());
    expect(diffModels(plain, banded)).toEqual([{ path: ['stability'], kind: 'added', after: banded.stability }]);
    expect(diffModels(banded, plain)).toEqual([{ path: ['stability'], kind: 'removed', before: banded.stability }]);
  });
});
