import { startWorker } from '#infra/node/start-worker.ts';
import { connectDynamoDb } from '#shared/adapters/dynamodb/table/connect.ts';
import { functionNames } from '#shared/definitions/functions.ts';
import { limits } from '#shared/definitions/limits.ts';
import { createLogger } from '#shared/runtime/logger.ts';
import { faultyDynamoDb } from '../kit/faulty-dynamodb.ts';
import { clusterEngine } from './cluster-engine.ts';
import { seededRandom } from './crash-input.ts';
import { proofWorkspace } from './proof-workspace.ts';

/** A worker that gets killed: all functions, on a DynamoDB that throttles, times out, and whose indexes are late. */
const settings = JSON.parse(process.argv[2] ?? '{}') as {
  readonly folder: string;
  readonly alertUrl: string;
  readonly robotUrl: string;
  readonly heldUrl: string;
  readonly brokers: string;
  readonly endpoint: string;
  readonly run: string;
  readonly seed: number;
  readonly faultRate: number;
  readonly delayIndexReadsMs: number;
};
// what a killed worker had claimed is free for others after a minute, and not after five: the same happens, sooner
Object.assign(limits, { dueClaimMs: 60_000 });

const { faultRate: rate, delayIndexReadsMs, seed } = settings;
const client = connectDynamoDb({ endpoint: settings.endpoint });
faultyDynamoDb(client, { rate, random: seededRandom(seed), delayIndexReadsMs });

/** Armed, it dies as soon as it has written what goes ahead of a state and before the state itself. */
let armed = false;
let ahead = false;
client.middlewareStack.add(
  (next, context) => async (args) => {
    const input = JSON.stringify(args.input, (_, value: unknown) => (value instanceof Uint8Array ? '' : value));
    if (armed && ahead && context.commandName === 'PutItemCommand' && input.includes('"STATE"'))
      process.kill(process.pid, 'SIGKILL');
    const result = await next(args);
    if (context.commandName === 'BatchWriteItemCommand' && /CHUNK#|LEDGER#/.test(input)) ahead = armed;
    return result;
  },
  { step: 'initialize', name: 'dieBeforeState' },
);
process.on('message', (message) => {
  if (message === 'die-before-state') armed = true;
  if (message === 'live') armed = false;
});

// nobody is left to stop it
process.on('disconnect', () => process.exit(1));

const worker = await startWorker(proofWorkspace({ ...settings, window: 'PT2S' }), {
  functions: functionNames,
  engine: clusterEngine(settings),
  port: 0,
  dynamoDb: client,
  log: createLogger('proof', { level: 'error' }),
});
void worker.failed.then((error) => {
  process.stderr.write(`${error.stack ?? error.message}\n`);
  process.exit(1);
});
process.on('message', (message) => {
  if (message === 'stop') void worker.stop().then(() => process.exit(0));
});
process.send?.(worker.url);
