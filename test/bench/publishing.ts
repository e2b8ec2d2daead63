import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openPublishing } from '#infra/node/open-publishing.ts';
import { openSqliteReader } from '#infra/node/readers/open-sqlite-reader.ts';
import { Model } from '#shared/grading/model.ts';
import type { Answer } from './answer.ts';
import type { Bench } from './bench.ts';
import { loadBenchWorkspace } from './bench-workspace.ts';
import { alertLatency } from './pipeline.ts';
import { startNodeUnderTest } from './start-contestants.ts';

/** Longer than publishing takes: what is behind its end is told apart by the phase it is asked in. */
const settleMs = 100;
/** An alert that is not in by then counts as none. */
const alertsMs = 3_000;
/** Room is left for the reviews: the question is what one event waits for, not how much goes through. */
const perSecond = 100;

/** What a live event waits for while a model is published for everybody, one that ranks customers beside the one that decides. */
export const askPublishing = async (bench: Bench): Promise<readonly Answer[]> => {
  const { sizes, tell } = bench;
  let folder = '';
  const node = await startNodeUnderTest(
    {
      ...bench,
      folder: (name) => {
        folder = bench.folder(name);
        return folder;
      },
    },
    'publishing',
  );
  tell('without publishing');
  // reviews are on their way all the time: it is never drained
  const paced = { seconds: sizes.pacedSeconds, perSecond, settled: () => pause(alertsMs) };
  const before = await alertLatency(node, paced);
  const loaded = await loadBenchWorkspace(join(folder, 'regrade.yaml'));
  const [deciding] = loaded.models;
  if (deciding === undefined) throw new Error(`no model in ${dirname(folder)}`);
  const ranked = Model.parse({
    ...deciding.model,
    id: 'ranked',
    cutoffs: { method: 'rank', upTo: { A: 0.2, B: 0.5 }, tieBreak: ['id'] },
  });
  const publishing = await openPublishing(loaded);
  const reader = await openSqliteReader(loaded);
  try {
    tell('while a model is published');
    const began = performance.now();
    await publishing.publish({
      ...{ command: 'publish', by: 'bench', why: 'to see how long it takes', alerts: 'suppress', whole: true },
      models: [deciding.model, ranked],
    });
    const isBuilding = async (): Promise<boolean> => (await reader.readModels()).pointer?.building !== undefined;
    const over = (async () => {
      while (await isBuilding()) await pause(settleMs);
      return (performance.now() - began) / 1_000;
    })();
    const meanwhile: Answer[] = [];
    while (await isBuilding()) meanwhile.push(await alertLatency(node, paced));
    const seconds = await over;
    return [
      { ...before, title: `${before.title}, nothing else going on` },
      ...meanwhile.map((answer, turn) => ({
        ...answer,
        title: `${answer.title}, while a model is published (${turn + 1})`,
      })),
      {
        title: 'Publishing a model that ranks everybody',
        rows: [{ customers: sizes.customers, seconds: Number(seconds.toFixed(1)) }],
        notes: ['under the same load; until every customer was graded by it and what nobody needs was removed'],
      },
    ];
  } finally {
    reader.close();
    await publishing.close();
  }
};
