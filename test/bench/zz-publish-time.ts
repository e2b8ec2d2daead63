import { join } from 'node:path';
import { mkdtempSync } from 'node:fs';
import { preload } from '/work/main/test/bench/preload.ts';
import { loadBenchWorkspace, writeBenchWorkspace, benchEnvironment } from '/work/main/test/bench/bench-workspace.ts';
import { startNode } from '/work/main/infra/node/start-node.ts';
import { openPublishing } from '/work/main/infra/node/open-publishing.ts';
import { openSqliteReader } from '/work/main/infra/node/readers/open-sqlite-reader.ts';
import { Model } from '/work/main/shared/grading/model.ts';
Object.assign(process.env, benchEnvironment);
const n = Number(process.argv[2]);
const folder = mkdtempSync('/tmp/publish-time-');
const file = writeBenchWorkspace(folder, 'http://127.0.0.1:9/alerts');
const loaded = await loadBenchWorkspace(file);
await preload(loaded, n, () => {});
const log: any = { info: () => {}, warn: (f:any,m:any) => console.log(m,f), error: (f:any,m:any) => console.log(m,f) };
const node = await startNode(loaded, { log });
const reader = await openSqliteReader(loaded);
const publishing = await openPublishing(loaded);
const ranked = Model.parse({ ...loaded.models[0]!.model, id: 'ranked', cutoffs: { method: 'rank', upTo: { A: 0.2, B: 0.5 }, tieBreak: ['id'] } });
const cpu0 = process.cpuUsage(); const t0 = performance.now();
console.log(await publishing.publish({ command: 'publish', by: 'b', why: 'w', alerts: 'suppress', whole: true, models: [loaded.models[0]!.model, ranked] }));
let phase = ''; 
for (;;) {
  const b = (await reader.readModels()).pointer?.building;
  if ((b?.phase ?? 'end') !== phase) { const c = process.cpuUsage(cpu0); phase = b?.phase ?? 'end'; console.log(phase, ((performance.now()-t0)/1000).toFixed(1)+' s wall', ((c.user+c.system)/1e6).toFixed(1)+' s cpu'); }
  if (b === undefined) break;
  await new Promise(r => setTimeout(r, 20));
}
await publishing.close(); reader.close(); await node.stop();
