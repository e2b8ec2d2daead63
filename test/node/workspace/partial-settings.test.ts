import { describe, expect, it } from 'vitest';
import { knownKeysAt, writtenSchemaOf } from '../../../infra/node/workspace/known-keys.ts';
import { Model } from '../../../shared/grading/model.ts';
import { exampleFile, faultsIn } from '../../grading/model-problems.ts';

const schema = writtenSchemaOf(Model);

/** Every schema within, with the way to it; what stands in `default` and `const` is a value. */
const within = (value: unknown, path: readonly string[] = []): [string, object][] => {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, child]) =>
    key === 'default' || key === 'const' ? [] : within(child, [...path, key]),
  );
  return Array.isArray(value) ? inner : [[path.join('/'), value], ...inner];
};

describe('the JSON Schema of a model', () => {
  it('describes every part of it', () => {
    const empty = within(schema).filter(([, part]) => Object.keys(part).length === 0);
    expect(empty).toEqual([]);
    expect(within(schema).filter(([, part]) => 'partOf' in part)).toEqual([]);
  });

  it('offers the alternatives of a block, told by their keys', () => {
    const keysAt = (...path: (string | number)[]) => knownKeysAt(schema, exampleFile('existing-abc'), path);
    expect(keysAt('signals', 'revenue12m', 'from')).toEqual(
      expect.arrayContaining(['attribute', 'events', 'where', 'distinctBy', 'model', 'params', 'horizon']),
    );
    expect(keysAt('cutoffs')).toEqual(expect.arrayContaining(['upTo', 'tieBreak', 'minPopulation']));
    expect(keysAt('cutoffs')).not.toContain('cells');
    expect(keysAt('guards', 0, 'then')).toEqual(['grade', 'cap', 'floor', 'hold', 'until']);
    expect(keysAt('scope', 'when')).toEqual(expect.arrayContaining(['all', 'any', 'not', 'exists', 'in']));
  });

  it('lets a segment set any part, and requires none', () => {
    const keysAt = (...path: (string | number)[]) =>
      knownKeysAt(schema, exampleFile('existing-abc'), ['segments', 0, 'set', ...path]);
    expect(keysAt()).toEqual([
      'title',
      'partitions',
      'signals',
      'score',
      'cutoffs',
      'guards',
      'stability',
      'population',
    ]);
    expect(keysAt('cutoffs')).toEqual(expect.arrayContaining(['method', 'upTo', 'atLeast', 'cells']));
    expect(keysAt('stability', 'hysteresis')).toEqual(['unit', 'up', 'down']);
    const set = within(schema).find(([path]) => path === 'properties/segments/items/properties/set')?.[1] ?? {};
    const required = within(set).flatMap(([path, part]) =>
      'required' in part && !/items/i.test(path) ? [part.required] : [],
    );
    expect(required.filter((keys) => JSON.stringify(keys) !== '["append"]')).toEqual([]);
  });

  it('helps with a slip of the pen inside a segment', () => {
    const file = exampleFile('existing-abc');
    const segments = [{ id: 's', when: { exists: { field: 'x' } }, set: { cutoffs: { uptoo: { A: 0.1, B: 0.3 } } } }];
    expect(faultsIn({ ...file, segments })).toEqual(['segments[0].set.cutoffs.uptoo: unknown key "uptoo" | uptoo:']);
  });
});
