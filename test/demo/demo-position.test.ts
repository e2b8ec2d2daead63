import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { positionFileOf, readPosition, savePosition } from '#infra/demo/demo-position.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';

describe('the position of the demo', () => {
  it('is what was stored last', () => {
    const folder = temporaryFolder();
    expect(readPosition(folder)).toBeUndefined();
    savePosition(folder, { offered: 3, taken: 1, clock: 1_000 });
    savePosition(folder, { offered: 4, taken: 4, clock: 2_000 });
    expect(readPosition(folder)).toEqual({ offered: 4, taken: 4, clock: 2_000 });
  });

  it.each(['', '{"offered":', '{"offered":-1,"taken":0,"clock":0}'])(
    'counts as none when the file holds %j',
    (text) => {
      const folder = temporaryFolder();
      writeFileSync(positionFileOf(folder), text);
      expect(readPosition(folder)).toBeUndefined();
    },
  );
});
