import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkUp } from '#infra/node/checkup/check-up.ts';
import { openEngine, storeFileOf } from '#infra/node/open-engine.ts';
import { TenantId } from '#shared/domain/ids.ts';
import { ModelPointer } from '#shared/domain/model-pointer.ts';
import { handClock } from '../kit/hand-clock.ts';
import { shopWorkspace } from '../kit/shop-workspace.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';

const loadedShop = () => shopWorkspace({ folder: temporaryFolder() });
type Loaded = ReturnType<typeof loadedShop>;

/** A store that a node made and left. */
const leaveStore = async ({ folder }: Loaded, hash?: string): Promise<void> => {
  const tenant = TenantId.parse('default');
  const engine = openEngine({ folder: join(folder, 'data'), tenant, clock: handClock(0), onFatal: () => undefined });
  if (hash !== undefined) await engine.registry.putPointer(tenant, pointerTo(hash));
  engine.close();
};

const pointerTo = (hash: string) =>
  ModelPointer.parse({
    live: {
      ...{ epoch: 1, models: [{ id: 'shop-abc', version: 7, hash, born: 1 }] },
      ...{ at: 0, by: 'ann', why: 'first', alerts: 'send' },
    },
    ...{ past: [], revision: 1, newest: 1 },
  });

const codesOf = async (loaded: Loaded): Promise<string[]> => {
  const codes: string[] = [];
  for await (const { code } of await checkUp(loaded)) codes.push(code);
  return codes;
};

describe('a look over the embedded engine', () => {
  it('ends where there is no store yet', async () => {
    expect(await codesOf(loadedShop())).toEqual(['file:missing']);
  });

  it('finds a store that nobody runs on whole', async () => {
    const loaded = loadedShop();
    await leaveStore(loaded);
    expect(await codesOf(loaded)).toEqual([
      ...['file:fine', 'lock:free', 'disk:fine', 'integrity:fine', 'model:none', 'backlog:none'],
    ]);
  });

  it('compares the files with what is in force', async () => {
    const [same, other] = [loadedShop(), loadedShop()];
    await leaveStore(same, same.models[0]?.hash);
    expect(await codesOf(same)).toContain('model:fine');
    await leaveStore(other, 'a'.repeat(64));
    expect(await codesOf(other)).toContain('model:edited');
  });

  it('says that a file is damaged', async () => {
    const loaded = loadedShop();
    await leaveStore(loaded);
    writeFileSync(
      storeFileOf(join(loaded.folder, 'data')),
      'no store at all, but long enough to be taken for one'.repeat(200),
    );
    expect((await codesOf(loaded)).at(-1)).toBe('integrity:broken');
  });
});
