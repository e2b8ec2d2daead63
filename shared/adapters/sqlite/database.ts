import { existsSync } from 'node:fs';
import Libsql from 'libsql';
import { PipelineError } from '../../domain/pipeline-error.ts';
import { type Attempt, attempting } from './sqlite-failure.ts';

export type Value = string | number | bigint | null | Uint8Array;
export type Row = Record<string, unknown>;

export type Durability = 'synced' | 'ordered';

export interface Statement {
  run(...values: Value[]): { changes: number };
  get(...values: Value[]): Row | undefined;
  all(...values: Value[]): Row[];
}

/** One SQLite file, one writing connection. Synchronous: a transaction never interleaves with another. */
export interface Database {
  /** Prepares once per text. A blob must be handed over as a Buffer inside the argument list; libsql aborts on a bare one. */
  prepare(sql: string): Statement;
  /**
   * All or nothing. `synced` (the default): on disk when it returns. `ordered`: survives the death of this process, and a
   * power cut only together with everything before it; for what can be done again from what was synced.
   * Nested calls join the outer one.
   */
  transaction<T>(work: () => T, durability?: Durability): T;
  /**
   * Writes soon, in the order of asking: with the next transaction, or by itself after a few milliseconds. For what is done
   * again anyway when it is lost with this process. Inside a transaction it writes at once. Must be repeatable.
   */
  defer(write: () => void): void;
  /** Writes what was deferred. */
  flush(): void;
  /** Reads one consistent moment, whatever another connection writes meanwhile. */
  snapshot<T>(work: () => T): T;
  close(): void;
}

/**
 * Opens for reading and writing, as the one writer. `onFatal` hears, once, of what makes going on senseless: a full
 * disk, a damaged file.
 *
 * @throws {PipelineError} `STORE_FULL` or `STORE_CORRUPT`, not retryable; `STORE_UNAVAILABLE`.
 */
export const openDatabase = (
  file: string,
  schema: readonly string[],
  onFatal: (error: PipelineError) => void = () => undefined,
): Database => {
  const attempt = attempting(onFatal);
  const raw = attempt(() => new Libsql(file));
  attempt(() => {
    // half the default: a row that changes alone in its page writes half as much
    raw.exec('PRAGMA page_size=2048');
    raw.exec('PRAGMA journal_mode=WAL');
    raw.exec('PRAGMA synchronous=FULL');
    // a node moves the log into the file from a thread of its own; this is for where none does
    raw.exec('PRAGMA wal_autocheckpoint=100000');
    raw.exec('PRAGMA cache_size=-65536');
    raw.exec('PRAGMA temp_store=MEMORY');
    for (const statement of schema) raw.exec(statement);
  });
  return wrap(raw, attempt);
};

/** Opens a file that a node may be writing to, for reading only. */
export const openForReading = (file: string): Database => {
  const attempt = attempting(() => undefined);
  // libsql takes the options `readonly` and `fileMustExist` of better-sqlite3 and heeds neither
  if (!existsSync(file))
    throw new PipelineError('STORE_UNAVAILABLE', `there is no store at ${file}`, { retryable: false });
  const raw = attempt(() => new Libsql(file));
  attempt(() => raw.exec('PRAGMA query_only=ON'));
  return wrap(raw, attempt, true);
};

const wrap = (raw: Libsql.Database, attempt: Attempt, readOnly = false): Database => {
  const prepared = new Map<string, Statement>();
  let depth = 0;
  let demanded: Durability = 'synced';
  const demand = (durability: Durability): void => {
    if (durability === demanded) return;
    raw.exec(durability === 'synced' ? 'PRAGMA synchronous=FULL' : 'PRAGMA synchronous=NORMAL');
    demanded = durability;
  };
  let deferred: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flushSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      try {
        database.flush();
      } catch (error) {
        // a full disk or a damaged file was reported on the way; anything else is worth another try
        if (error instanceof PipelineError && error.retryable) flushSoon();
      }
    }, deferMs);
  };
  const begin = raw.prepare('BEGIN IMMEDIATE');
  const commit = raw.prepare('COMMIT');
  const rollback = raw.prepare('ROLLBACK');
  const database: Database = {
    prepare: (sql) => {
      const known = prepared.get(sql);
      if (known !== undefined) return known;
      const statement = wrapStatement(
        attempt(() => raw.prepare(sql)),
        attempt,
      );
      prepared.set(sql, statement);
      return statement;
    },
    transaction: (work, durability = 'synced') => {
      if (depth > 0) return work();
      demand(durability);
      attempt(() => begin.run([]));
      depth += 1;
      try {
        const before = deferred.length;
        for (const write of deferred) write();
        const result = work();
        attempt(() => commit.run([]));
        deferred = deferred.slice(before);
        return result;
      } catch (error) {
        if (raw.inTransaction) rollback.run([]);
        throw error;
      } finally {
        depth -= 1;
      }
    },
    defer: (write) => {
      if (depth > 0) {
        write();
        return;
      }
      deferred.push(write);
      flushSoon();
    },
    flush: () => {
      if (depth === 0 && deferred.length > 0) database.transaction(() => undefined, 'ordered');
    },
    snapshot: (work) => {
      if (depth > 0) return work();
      attempt(() => raw.exec('BEGIN'));
      depth += 1;
      try {
        return work();
      } finally {
        raw.exec('COMMIT');
        depth -= 1;
      }
    },
    close: () => {
      clearTimeout(timer);
      try {
        database.flush();
        // leaves one file behind that can be copied by itself; a reader that has it open keeps it from being complete
        if (!readOnly) attempt(() => raw.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
      } catch (error) {
        // a store that cannot be written any more was reported as it happened; it still has to be closed
        if (!(error instanceof PipelineError)) throw error;
      } finally {
        raw.close();
      }
    },
  };
  return database;
};

/** How long a deferred write may wait for a transaction to go with. */
const deferMs = 5;

/** libsql hands a blob out as a Buffer from `get` and as a bare ArrayBuffer from `all`. */
const withBytes = (row: Row): Row => {
  for (const name in row) if (row[name] instanceof ArrayBuffer) row[name] = new Uint8Array(row[name]);
  return row;
};

const wrapStatement = (statement: Libsql.Statement, attempt: Attempt): Statement => ({
  run: (...values) => attempt(() => statement.run(values) as { changes: number }),
  get: (...values) => attempt(() => statement.get(values) as Row | undefined),
  all: (...values) => attempt(() => (statement.all(values) as Row[]).map(withBytes)),
});
