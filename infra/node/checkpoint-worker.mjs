import { parentPort, workerData } from 'node:worker_threads';
import Libsql from 'libsql';

// Moves what is committed from the write-ahead log into the file, away from the writing thread: a passive checkpoint takes
// no lock that a writer waits for. Plain JavaScript, so that a worker needs no loader.
const database = new Libsql(workerData.file);
// what is moved has to be on disk before the log may be used again
database.exec('PRAGMA synchronous=FULL');
const checkpoint = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');
const timer = setInterval(() => {
  try {
    checkpoint.get([]);
  } catch (error) {
    // the writing thread meets the same disk and reports it; a busy file is tried again
    parentPort?.postMessage(error instanceof Error ? error.message : 'unknown');
  }
}, workerData.everyMs);

parentPort?.once('message', () => {
  clearInterval(timer);
  database.close();
  parentPort?.close();
});
