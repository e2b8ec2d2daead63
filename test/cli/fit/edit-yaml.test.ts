import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { diffLines } from '../../../infra/cli/fit/diff-lines.ts';
import { editYaml } from '../../../infra/cli/fit/edit-yaml.ts';
import { renderFlow, renderYaml } from '../../../infra/cli/fit/render-yaml.ts';

const file = `# top
signals:   # all of them
  alive: # one
    from:
      params: # fitted
        r: 1
        a: 2 # two
  b: { from: { x: [1, 2] } }   # three

# next
score: 1
empty:
`;

describe('editYaml', () => {
  it('replaces a value and nothing else', () => {
    expect(editYaml(file, [{ path: ['signals', 'b', 'from', 'x'], value: [3] }])).toBe(file.replace('[1, 2]', '[3]'));
    expect(editYaml(file, [{ path: ['signals', 'b', 'from', 'x', 1], value: 'two words' }])).toBe(
      file.replace('[1, 2]', '[1, two words]'),
    );
    expect(editYaml(file, [{ path: ['score'], value: 2 }])).toBe(file.replace('score: 1', 'score: 2'));
    expect(editYaml(file, [{ path: ['empty'], value: { customers: 1 } }])).toBe(
      file.replace('empty:', 'empty: { customers: 1 }'),
    );
  });

  it('replaces a block by a block of the same indentation', () => {
    const edited = editYaml(file, [
      { path: ['signals', 'alive', 'from', 'params'], value: { r: 3, f: { x: { w: 1 } } } },
    ]);
    expect(edited).toBe(file.replace('r: 1\n        a: 2 # two', 'r: 3\n        f:\n          x: { w: 1 } # two'));
  });

  it('adds a member behind the last one', () => {
    expect(editYaml(file, [{ path: ['signals', 'c'], value: { from: 1 } }])).toBe(
      file.replace('# three\n', '# three\n  c: { from: 1 }\n'),
    );
    expect(editYaml('a: 1', [{ path: ['b'], value: 2 }])).toBe('a: 1\n\nb: 2\n');
  });

  it('does not add to a map in braces, or to nothing', () => {
    expect(editYaml(file, [{ path: ['signals', 'b', 'y'], value: 1 }])).toBeUndefined();
    expect(editYaml(file, [{ path: ['nowhere', 'y'], value: 1 }])).toBeUndefined();
  });

  it('reads back as what was written, whatever that is', () => {
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.oneof(
          fc.string(),
          fc.string({ unit: 'grapheme' }),
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.boolean(),
          fc.constant(null),
        ),
        fc.array(tie('value'), { maxLength: 60 }),
        fc.dictionary(
          fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
          tie('value'),
          { maxKeys: 5 },
        ),
      ),
    }));
    const plain = (json: unknown): unknown => JSON.parse(JSON.stringify(json));
    fc.assert(
      fc.property(value, (given) => {
        const json = plain(given) as never;
        expect(plain(parse(renderYaml({ key: json })))).toEqual({ key: json });
        expect(plain(parse(`key: ${renderFlow(json)}`))).toEqual({ key: json });
        const edited = editYaml(file, [
          { path: ['signals', 'c'], value: json },
          { path: ['signals', 'alive'], value: json },
        ]);
        expect(plain(parse(edited ?? ''))).toEqual({
          ...(parse(file) as object),
          signals: { alive: json, b: { from: { x: [1, 2] } }, c: json },
        });
      }),
      { numRuns: 300 },
    );
  });
});

describe('diffLines', () => {
  it('shows what went and what came with two lines around', () => {
    expect(diffLines('a\nb\nc\nd\ne\nf\ng', 'a\nb\nc\nd\nE\nE2\nf\ng')).toBe(
      '  …\n  c\n  d\n- e\n+ E\n+ E2\n  f\n  g\n',
    );
  });

  it('holds both texts whole where everything changed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c')),
        fc.array(fc.constantFrom('a', 'b', 'c')),
        (before, after) => {
          const lines = diffLines(['x', ...before].join('\n'), ['y', ...after].join('\n')).split('\n');
          const marked = (mark: string): string[] =>
            lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(2));
          expect(marked('-').length - marked('+').length).toBe(before.length - after.length);
          for (const [mark, text] of [
            ['-', before],
            ['+', after],
          ] as const)
            for (const line of marked(mark)) expect([...text, 'x', 'y']).toContain(line);
        },
      ),
    );
  });
});
