import { parseArgs } from 'node:util';
import { crashProof } from './crash-proof.ts';

const { values } = parseArgs({
  options: {
    webhooks: { type: 'string', default: '5000' },
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
});

const began = Date.now();
let told = 0;
const proof = await crashProof({
  webhooks: Number(values.webhooks),
  kills: Number(values.kills),
  seed: Number(values.seed),
  onProgress: (text) => {
    if (Date.now() - told < 1_000) return;
    told = Date.now();
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
  },
});
const { faults, ...figures } = proof;
process.stdout.write(
  `\n${JSON.stringify({ ...values, ...figures, seconds: Math.round((Date.now() - began) / 1_000) }, null, 2)}\n`,
);
for (const fault of faults) process.stdout.write(`FAULT ${fault}\n`);
process.stdout.write(
  faults.length === 0 ? 'Nothing lost, nothing twice, everything equal.\n' : `${faults.length} faults\n`,
);
process.exit(faults.length === 0 ? 0 : 1);
