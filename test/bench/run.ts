import { writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { type Answer, printAnswer } from './answer.ts';
import { type Bench, fullSizes, openBench, quickSizes } from './bench.ts';
import { askBundles } from './bundles.ts';
import { askCohorts } from './cohorts.ts';
import { askDynamoDbUnits } from './dynamodb-units.ts';
import { askGrading } from './grading.ts';
import { askIntake } from './intake.ts';
import { askMemory } from './memory.ts';
import { askNodeRed } from './node-red.ts';
import { askPipeline } from './pipeline.ts';
import { askPublishing } from './publishing.ts';
import { askSimulate } from './simulate.ts';

/** In the order of asking. */
const questions: Readonly<Record<string, (bench: Bench) => Promise<Answer | readonly Answer[]>>> = {
  grading: askGrading,
  cohorts: askCohorts,
  intake: askIntake,
  pipeline: askPipeline,
  memory: askMemory,
  simulate: askSimulate,
  publishing: askPublishing,
  'node-red': askNodeRed,
  dynamodb: askDynamoDbUnits,
  bundles: askBundles,
};

const usage = `npm run bench -- [--only ${Object.keys(questions).join(',')}] [--quick] [--json FILE]\n`;

interface Wanted {
  readonly only: readonly string[];
  readonly quick: boolean;
  readonly json: string | undefined;
}

/** What the command line asks for; undefined when it cannot be understood. */
const readArguments = (args: readonly string[]): Wanted | undefined => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { only: { type: 'string' }, quick: { type: 'boolean', default: false }, json: { type: 'string' } },
    });
    const only = values.only?.split(',') ?? Object.keys(questions);
    return only.every((name) => Object.hasOwn(questions, name))
      ? { only, quick: values.quick, json: values.json }
      : undefined;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
};

const describeMachine = () => ({
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  system: `${process.platform} ${process.arch}`,
  node: process.version,
  loadAverage: loadavg().map((load) => Number(load.toFixed(2))),
});

const tell = (progress: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${progress}`);
};

const run = async ({ only, quick, json }: Wanted): Promise<void> => {
  const machine = describeMachine();
  process.stdout.write(
    `${machine.processor}, ${machine.cores} cores shared with the generator, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}; ` +
      `load average before: ${machine.loadAverage.join(' ')}\n`,
  );
  if (quick)
    process.stdout.write(
      'A quick look: nothing has warmed up, the figures say little more than that everything works.\n',
    );
  const bench = openBench(quick ? quickSizes : fullSizes, tell);
  const interrupt = (): void => void bench.close().finally(() => process.exit(130));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const answers: Record<string, readonly Answer[]> = {};
  try {
    for (const [name, ask] of Object.entries(questions)) {
      if (!only.includes(name)) continue;
      answers[name] = [await ask(bench)].flat();
      // what one question started must not run beside the next
      await bench.children.stopAll();
      tell('');
      process.stdout.write(answers[name].map(printAnswer).join(''));
    }
  } finally {
    await bench.close();
    tell('');
  }
  const after = loadavg().map((load) => Number(load.toFixed(2)));
  process.stdout.write(`\nload average after: ${after.join(' ')}\n`);
  if (json !== undefined)
    writeFileSync(
      json,
      `${JSON.stringify({ machine, loadAverageAfter: after, quick, sizes: bench.sizes, answers }, null, 2)}\n`,
    );
};

const wanted = readArguments(process.argv.slice(2));
if (wanted === undefined) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else await run(wanted);
