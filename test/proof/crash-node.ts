import { createHash } from 'node:crypto';
import { startNode } from '#infra/node/start-node.ts';
import { simulatedClock } from '#shared/runtime/clocks.ts';
import { createLogger } from '#shared/runtime/logger.ts';
import { proofWorkspace } from './proof-workspace.ts';

/** The process that gets killed: a node whose business time comes with the deliveries. */
const [folder = '', alertUrl = '', robotUrl = '', heldUrl = '', start = '0'] = process.argv.slice(2);
const clock = simulatedClock(Number(start));
const node = await startNode(proofWorkspace({ folder, alertUrl, robotUrl, heldUrl }), {
  clock,
  log: createLogger('proof', { level: 'error' }),
  // each delivery is decided at its own instant; the clock follows only where no earlier one can come any more
  arrivalClock: (arrival) => {
    clock.advanceTo(Number(arrival.header('x-proof-settled')));
    return Number(arrival.header('x-proof-now'));
  },
  newLedgerKey: (customer) => createHash('sha256').update(customer).digest('hex'),
});
process.on('message', (message) => {
  if (message === 'idle') void node.idle().then(() => process.send?.('idle'));
  if (message === 'stop') void node.stop().then(() => process.exit(0));
});
process.send?.(node.url);
