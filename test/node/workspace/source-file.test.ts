import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Path, Place } from '../../../infra/node/workspace/problem.ts';
import { parseSource, readSourceFile, type SourceFile } from '../../../infra/node/workspace/source-file.ts';
import { temporaryWorkspace } from './temporary-workspace.ts';

const sourceOf = (text: string): SourceFile => {
  const read = parseSource('f.yaml', text, 'en');
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.source;
};

const placeIn = (text: string, path: Path, part: 'key' | 'value'): Place => {
  const { line, column } = sourceOf(text).place({ path, part, message: 'm' });
  return { line, column };
};

describe('parseSource', () => {
  const text = 'a: 1\nb:\n  - c: x\n    d: {e: y}\n  - *anchor\nz: &anchor { q: 7 }\n'.replace('  - *anchor\n', '');

  it.each<[Path, 'key' | 'value', Place]>([
    [['a'], 'value', { line: 1, column: 4 }],
    [['a'], 'key', { line: 1, column: 1 }],
    [['b', 0, 'c'], 'value', { line: 3, column: 8 }],
    [['b', 0, 'd', 'e'], 'key', { line: 4, column: 9 }],
    [['b', 0], 'value', { line: 3, column: 5 }],
    [['b', 0, 'missing', 'deeper'], 'value', { line: 3, column: 5 }],
    [['missing'], 'value', { line: 1, column: 1 }],
    [['z', 'q'], 'value', { line: 5, column: 17 }],
    [[], 'value', { line: 1, column: 1 }],
  ])('finds %j, its %s', (path, part, place) => {
    expect(placeIn(text, path, part)).toEqual(place);
  });

  it('finds its way through an alias', () => {
    expect(placeIn('a: &x { q: 1 }\nb: *x\n', ['b', 'q'], 'value')).toEqual({ line: 1, column: 12 });
  });

  it('reads JSON as well', () => {
    expect(placeIn('{\n  "a": { "b": [1, 2] }\n}', ['a', 'b', 1], 'value')).toEqual({ line: 2, column: 19 });
  });

  it.each([
    ['a: 1\n  b: 2\n', 1, 'the lines around here are not indented as they belong'],
    ['a:\n\tb: 1\n', 2, 'a tab is used for indentation'],
    ['a: [1, 2\n', 2, 'this is not valid YAML'],
    ['a: 1\na: 2\n', 2, 'this key stands twice in the same block'],
  ])('says where %j is no YAML', (broken, line, message) => {
    const read = parseSource('f.yaml', broken, 'en');
    expect(read.ok ? [] : read.problems[0]).toMatchObject({
      file: 'f.yaml',
      line,
      message: expect.stringContaining(message) as string,
    });
  });

  it('refuses aliases that would fill the memory', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...Array.from('bcdefgh').map(
        (name, i) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefg'[i]!}`).join()}]`,
      ),
    ];
    expect(parseSource('f.yaml', bomb.join('\n'), 'en')).toMatchObject({ ok: false, problems: [{ file: 'f.yaml' }] });
  });

  it('answers any text with content or with problems, never with an exception', () => {
    const yamlish = fc.string({ unit: fc.constantFrom(...Array.from('ab:-[]{}#&*!|>"\' \n\t,?%@')), maxLength: 60 });
    fc.assert(
      fc.property(fc.oneof(fc.string(), yamlish), (anything) => {
        const read = parseSource('f.yaml', anything, 'en');
        if (read.ok) expect(read.source.place({ path: ['a', 0], part: 'key', message: 'm' }).line).toBeGreaterThan(0);
        else for (const { line, column } of read.problems) expect(Math.min(line, column)).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('readSourceFile', () => {
  it('refuses bytes that are no UTF-8 text', async () => {
    const workspace = await temporaryWorkspace();
    await workspace.write('f.yaml', Uint8Array.of(0x61, 0x3a, 0x20, 0xc3, 0x28));
    const read = await readSourceFile(join(workspace.folder, 'f.yaml'), 'en');
    expect(read).toMatchObject({ ok: false, problems: [{ message: 'this is not UTF-8 text' }] });
  });
});
