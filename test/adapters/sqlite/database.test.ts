import { closeSync, existsSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Database, openDatabase, openForReading } from '#shared/adapters/sqlite/database.ts';
import { readStored } from '#shared/adapters/sqlite/sqlite-failure.ts';
import type { PipelineError } from '#shared/domain/pipeline-error.ts';
import { temporaryFolder } from '../../kit/temporary-folder.ts';

const schema = ['CREATE TABLE IF NOT EXISTS things (id INTEGER PRIMARY KEY, body BLOB NOT NULL)'];

const open = (file = join(temporaryFolder(), 'a.db')): { db: Database; file: string; fatal: PipelineError[] } => {
  const fatal: PipelineError[] = [];
  const db = openDatabase(file, schema, (error) => fatal.push(error));
  onTestFinished(() => db.close());
  return { db, file, fatal };
};
const put = (db: Database, id: number, bytes = 10): void =>
  void db.prepare('INSERT INTO things VALUES (?, ?)').run(id, Buffer.alloc(bytes, id));
const idsIn = (db: Database): readonly unknown[] =>
  db
    .prepare('SELECT id FROM things ORDER BY id')
    .all()
    .map((row) => row['id']);

describe('a database', () => {
  it('gives bytes back as bytes, one row or many', () => {
    const { db } = open();
    put(db, 7, 3);
    const rows = [db.prepare('SELECT * FROM things').get(), ...db.prepare('SELECT * FROM things').all()];
    for (const row of rows) {
      expect(row?.['body']).toBeInstanceOf(Uint8Array);
      expect([...(row?.['body'] as Uint8Array)]).toEqual([7, 7, 7]);
    }
  });

  it('keeps all of a transaction or nothing of it', () => {
    const { db } = open();
    expect(() =>
      db.transaction(() => {
        put(db, 1);
        throw new Error('half way');
      }),
    ).toThrow('half way');
    expect(idsIn(db)).toEqual([]);
    expect(db.transaction(() => (put(db, 2), 'done'))).toBe('done');
    expect(idsIn(db)).toEqual([2]);
  });

  it('joins an inner transaction to the outer one', () => {
    const { db } = open();
    expect(() =>
      db.transaction(() => {
        db.transaction(() => put(db, 1), 'ordered');
        throw new Error('outer');
      }),
    ).toThrow('outer');
    expect(idsIn(db)).toEqual([]);
    db.transaction(() => db.transaction(() => put(db, 3)));
    expect(idsIn(db)).toEqual([3]);
  });

  it('demands synced commits again after ordered ones', () => {
    const { db } = open();
    const synchronous = (): unknown => Object.values(db.prepare('PRAGMA synchronous').get() ?? {})[0];
    const during = (['synced', 'ordered', 'synced'] as const).map((durability) =>
      db.transaction(synchronous, durability),
    );
    expect(during).toEqual([2, 1, 2]);
  });

  it('shows a reader one moment, whatever is written meanwhile', () => {
    const { db, file } = open();
    put(db, 1);
    const reader = openForReading(file);
    reader.snapshot(() => {
      expect(idsIn(reader)).toEqual([1]);
      put(db, 2);
      expect(idsIn(reader)).toEqual([1]);
    });
    expect(idsIn(reader)).toEqual([1, 2]);
    expect(() => put(reader, 3)).toThrow(expect.objectContaining({ code: 'STORE_UNAVAILABLE' }) as Error);
    reader.close();
  });

  it('does not make a file that a reader asks for', () => {
    const file = join(temporaryFolder(), 'none.db');
    expect(() => openForReading(file)).toThrow(expect.objectContaining({ code: 'STORE_UNAVAILABLE' }) as Error);
    expect(existsSync(file)).toBe(false);
  });

  it('is worth a retry where another connection holds the lock', () => {
    const { db, file, fatal } = open();
    const other = openDatabase(file, []);
    db.prepare('PRAGMA busy_timeout=0').get();
    other.transaction(() => {
      put(other, 1);
      expect(() => db.transaction(() => put(db, 2))).toThrow(
        expect.objectContaining({ code: 'STORE_UNAVAILABLE', retryable: true }) as Error,
      );
    });
    expect(fatal).toEqual([]);
    db.transaction(() => put(db, 2));
    expect(idsIn(db)).toEqual([1, 2]);
    other.close();
  });
});

describe('a full disk', () => {
  it('is told once, is not worth a retry, and leaves what was committed', () => {
    const { db, fatal } = open();
    put(db, 1);
    const pages = Number(Object.values(db.prepare('PRAGMA page_count').get() ?? {})[0]);
    db.prepare(`PRAGMA max_page_count=${pages + 2}`).get();
    const fill = (): void => db.transaction(() => [2, 3, 4].forEach((id) => put(db, id, 100_000)));
    for (const _ of [1, 2])
      expect(fill).toThrow(expect.objectContaining({ code: 'STORE_FULL', retryable: false }) as Error);
    expect(fatal.map(({ code }) => code)).toEqual(['STORE_FULL']);
    expect(idsIn(db)).toEqual([1]);
    db.transaction(() => put(db, 5));
    expect(idsIn(db)).toEqual([1, 5]);
  });
});

describe('a damaged file', () => {
  const damaged = expect.objectContaining({
    code: 'STORE_CORRUPT',
    retryable: false,
    message: expect.stringContaining('damaged') as string,
  }) as Error;

  it('is refused at the start when it is no database at all', () => {
    const file = join(temporaryFolder(), 'a.db');
    writeFileSync(file, 'this was a letter to my bank'.repeat(500));
    const fatal: PipelineError[] = [];
    expect(() => openDatabase(file, schema, (error) => fatal.push(error))).toThrow(damaged);
    expect(fatal).toHaveLength(1);
  });

  it('is refused when its pages were overwritten', () => {
    const { db, file } = open();
    db.transaction(() => Array.from({ length: 50 }, (_, id) => put(db, id, 2_000)));
    db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
    const pages = openSync(file, 'r+');
    const from = 4_096;
    writeSync(pages, Buffer.alloc(statSync(file).size - from, 0xa5), 0, undefined, from);
    closeSync(pages);
    const fatal: PipelineError[] = [];
    const again = openDatabase(file, [], (error) => fatal.push(error));
    onTestFinished(() => again.close());
    expect(() => idsIn(again)).toThrow(damaged);
    expect(fatal).toHaveLength(1);
  });

  it('is damaged too where a row is not what the store writes', () => {
    expect(() => readStored('customer', () => JSON.parse('{') as unknown)).toThrow(damaged);
    expect(() => readStored('customer', () => JSON.parse('{') as unknown)).toThrow('customer');
    expect(readStored('customer', () => 1)).toBe(1);
  });
});
