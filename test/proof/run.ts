import { parseArgs } from 'node:util';
import { missingTools } from '../engines/missing-tools.ts';
import { clusterProof } from './cluster-proof.ts';
import { crashProof } from './crash-proof.ts';
import { withEngines } from './with-engines.ts';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const { values } = parseArgs({
  options: {
    /** node, workers or both. */
    engine: { type: 'string', default: 'both' },
    webhooks: { type: 'string' },
    kills: { type: 'string' },
    'broker-kills': { type: 'string', default: '3' },
    'fault-rate': { type: 'string', default: '0.2' },
    seed: { type: 'string', default: '1' },
  },
});
const seed = Number(values.seed);
const of = (given: string | undefined, otherwise: number): number => (given === undefined ? otherwise : Number(given));

let told = 0;
const onProgress = (text: string): void => {
  if (Date.now() - told < 1_000) return;
  told = Date.now();
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
};

/** Prints what was found; returns how many faults. */
const prove = async (
  name: string,
  settings: object,
  proof: () => Promise<{ readonly faults: readonly string[] }>,
): Promise<number> => {
  const began = Date.now();
  const { faults, ...figures } = await proof();
  const seconds = Math.round((Date.now() - began) / 1_000);
  process.stdout.write(`\n${name}\n${JSON.stringify({ ...settings, seed, ...figures, seconds }, null, 2)}\n`);
  for (const fault of faults) process.stdout.write(`FAULT ${fault}\n`);
  process.stdout.write(
    faults.length === 0 ? 'Nothing lost, nothing twice, everything equal.\n' : `${faults.length} faults\n`,
  );
  return faults.length;
};

let faults = 0;
if (values.engine !== 'workers') {
  const settings = { webhooks: of(values.webhooks, 5_000), kills: of(values.kills, 200) };
  faults += await prove('single node', settings, () => crashProof({ ...settings, seed, onProgress }));
}
if (values.engine !== 'node') {
  const missing = missingTools({ kafka: true, dynamoDb: true });
  for (const line of missing) process.stderr.write(`${line}\n`);
  faults += missing.length;
  const settings = {
    webhooks: of(values.webhooks, 1_000),
    kills: of(values.kills, 30),
    brokerKills: Number(values['broker-kills']),
    faultRate: Number(values['fault-rate']),
  };
  if (missing.length === 0)
    faults += await prove('three workers on Kafka and DynamoDB', settings, () =>
      withEngines((engines) => clusterProof({ ...settings, ...engines, seed, onProgress })),
    );
}
process.exit(faults === 0 ? 0 : 1);
