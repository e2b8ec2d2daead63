import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { openEngine } from '../../infra/node/open-engine.ts';
import type { LoadedWorkspace } from '../../infra/node/workspace/load-workspace.ts';
import { type CustomerState, unknownCustomer } from '../../shared/domain/customer-state.ts';
import { CustomerId, TenantId } from '../../shared/domain/ids.ts';
import type { Records } from '../../shared/domain/profile.ts';
import { compileModel } from '../../shared/grading/compile-model.ts';
import type { CompiledGrader } from '../../shared/grading/grader.ts';
import { systemClock } from '../../shared/runtime/clocks.ts';
import type { Answer, Row } from './answer.ts';
import type { Bench } from './bench.ts';
import { benchEnvironment, loadBenchWorkspace, writeBenchWorkspace } from './bench-workspace.ts';
import { projectFolder } from './children.ts';
import { benchCustomer, benchFactors, benchModelFile, seeded } from './grading-model.ts';
import { peakResidentMb, processorMs } from './process-figures.ts';

const factsEach = 10;
const batch = 1_000;
const tenant = TenantId.parse('default');

/** How long it takes to tell what a new model would change, on a store of so many customers of ten facts. */
export const askSimulate = async (bench: Bench): Promise<Answer> => {
  const rows: Row[] = [];
  for (const customers of bench.sizes.simulated) {
    const file = await fillStore(bench, customers);
    for (const [name, changes] of Object.entries(models)) {
      bench.tell(`simulating ${name} on ${customers} customers`);
      const model = join(dirname(file), `${name}.yaml`);
      writeFileSync(model, stringify({ ...(benchModelFile(benchFactors(10), true) as object), ...changes }));
      rows.push({ customers, model: name, ...(await simulateOnce(bench, file, model)) });
    }
  }
  return {
    title: `Simulate: a model on all customers of a store, ${factsEach} facts each`,
    rows,
    notes: [
      'regrade simulate --json in a process of its own, from its start to its end; to be reached at 1,000,000: 10 s on 2 cores, 512 MB',
      'cpu s: processor time of all its threads; at most MB: the most it held in RAM, what it maps of the store included',
    ],
  };
};

const models = {
  absolute: { version: 2, cutoffs: { method: 'absolute', atLeast: { A: 50, B: 35 } } },
  rank: {
    version: 2,
    cutoffs: { method: 'rank', upTo: { A: 0.2, B: 0.5 } },
    stability: { hysteresis: { unit: 'rank', up: 0, down: 0.02 } },
  },
};

const simulateOnce = async ({ children }: Bench, file: string, model: string): Promise<Row> => {
  const began = performance.now();
  const child = children.spawn(
    [join(projectFolder, 'infra/cli/regrade.mjs'), 'simulate', '--workspace', file, '--model', model, '--json'],
    { cwd: dirname(file), environment: benchEnvironment },
  );
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  let [peak, spent] = [0, 0];
  const watch = setInterval(() => {
    if (child.pid === undefined || child.exitCode !== null) return;
    try {
      peak = Math.max(peak, peakResidentMb(child.pid) ?? 0);
      spent = processorMs(child.pid) ?? 0;
    } catch (error) {
      // it ended between the question and the look
      if (!(error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH'].includes(String(error.code)))) throw error;
    }
  }, 50);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearInterval(watch);
  if (code !== 0) throw new Error(`regrade simulate ended with ${code ?? 'a signal'}: ${said}`);
  return {
    seconds: (performance.now() - began) / 1_000,
    'cpu s': spent / 1_000,
    'at most MB': peak === 0 ? Number.NaN : peak,
  };
};

/** As a node would have left it, but for ledgers: nothing here reads them. Returns the workspace file. */
const fillStore = async ({ folder, tell }: Bench, customers: number): Promise<string> => {
  const file = writeBenchWorkspace(folder(`simulated-${customers}`), 'http://127.0.0.1:9/alerts');
  const loaded = await loadBenchWorkspace(file);
  const engine = openEngine({
    folder: resolve(loaded.folder, loaded.workspace.data),
    tenant,
    clock: systemClock,
    onFatal: (error) => {
      throw error;
    },
  });
  const graded = gradedCustomers(loaded);
  for (let first = 0; first < customers; first += batch) {
    const states = Array.from({ length: Math.min(batch, customers - first) }, (_, index) => graded(first + index));
    await engine.customers.commitAll(states.map((next) => ({ next, entries: [] })));
    tell(`filling a store: ${first} of ${customers} customers`);
    // a signal to stop is heard in between
    await new Promise((done) => setImmediate(done));
  }
  engine.close();
  return file;
};

const gradedCustomers = ({ models: [decides] }: LoadedWorkspace): ((number: number) => CustomerState) => {
  if (decides === undefined) throw new Error('the workspace has a model');
  const grader = compileModel(decides.model, decides.hash);
  const random = seeded(13);
  const now = Date.now();
  return (number) => gradedCustomer(number, grader, random, now);
};

const gradedCustomer = (number: number, grader: CompiledGrader, random: () => number, now: number): CustomerState => {
  const profile = benchCustomer(factsEach, random, now);
  const attributes = { ...profile.attributes, name: `Customer ${number}` };
  const version = (at: number) => ({ assignment: 1, source: at, read: at + 1_500 });
  const records: Records = new Map([
    [keyOf(number * 100), { version: version(now - 86_400_000), retracted: false, attributes, facts: [] }],
    ...profile.facts.map((fact, index) => {
      const record = { version: version(fact.at), retracted: false, attributes: {}, facts: [fact] };
      return [keyOf(number * 100 + index + 1), record] as const;
    }),
  ]);
  const { effective, score, tags } = grader.decide(profile, now);
  const held = { grade: effective, score, tags: { ...tags }, model: grader.model.hash, since: now };
  return {
    ...unknownCustomer(tenant, CustomerId.parse(`account:crm:${554_023_000_000 + number}`), 'f'.repeat(64)),
    ...{ version: 1, decidedAt: now, records },
    grades: { [grader.model.id]: held },
  };
};

/** Spread like the keys of the product, and as long. */
const keyOf = (serial: number): string => ((serial * 2_654_435_761) % 2 ** 48).toString(36).padStart(10, '0');
