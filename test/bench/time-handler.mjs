// Imports a bundle in a fresh process and calls its handler once. Arguments: the module, a file with the event, a file for
// the times, in milliseconds.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [, , module, eventFile, timesFile] = process.argv;
const event = JSON.parse(readFileSync(eventFile, 'utf8'));
const begun = performance.now();
const { handler } = await import(pathToFileURL(module).href);
const imported = performance.now();
const answer = await handler(event, { getRemainingTimeInMillis: () => 60_000 });
const called = performance.now();
writeFileSync(timesFile, JSON.stringify({ importMs: imported - begun, callMs: called - imported, answer: answer ?? null }));
process.exit(0);
