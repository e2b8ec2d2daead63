import { runDemo } from '#infra/demo/run-demo.ts';
import { fewInvoices } from './demo-runs.ts';

// a demo in a process of its own, for a test that kills it
await runDemo(
  { language: 'en', speed: Number.POSITIVE_INFINITY, port: 0, folder: process.argv[2] },
  {
    write: () => undefined,
    isTerminal: false,
    environment: {},
    invoices: fewInvoices,
    stopRequested: () => new Promise(() => undefined),
  },
);
