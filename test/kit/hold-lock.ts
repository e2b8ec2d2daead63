import { lockStore } from '#infra/node/node-lock.ts';

const [file = ''] = process.argv.slice(2);
const lock = lockStore(file);
process.stdout.write('held\n');
// longer than any test; whoever started this ends it
setTimeout(() => lock.release(), 60_000);
