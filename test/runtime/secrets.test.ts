import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { resolveSecret } from '../../shared/runtime/secrets.ts';

const sources = { environment: { TOKEN: ' abc\n', EMPTY: '  ' }, folder: '/nowhere' };

describe('resolveSecret', () => {
  it('takes a secret from the environment without the space around it', () => {
    expect(resolveSecret({ env: 'TOKEN' }, sources)).toBe('abc');
  });

  it('takes a secret from a file beside the workspace', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'regrade-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'token'), 'abc\n');
    expect(resolveSecret({ file: 'token' }, { ...sources, folder })).toBe('abc');
    expect(resolveSecret({ file: join(folder, 'token') }, sources)).toBe('abc');
  });

  it.each([
    [{ env: 'ABSENT' }, 'the environment variable ABSENT is not set'],
    [{ env: 'EMPTY' }, 'the environment variable EMPTY is not set'],
    [{ file: 'absent' }, 'the secret file absent cannot be read'],
  ])('names what is missing: %j', (ref, message) => {
    expect(() => resolveSecret(ref, sources)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', retryable: false, message }) as Error,
    );
  });
});
