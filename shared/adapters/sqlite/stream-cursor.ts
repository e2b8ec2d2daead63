import type { Group, Topic } from '../../definitions/topics.ts';
import type { Database } from './database.ts';

/** Where each group stands. Held in memory between writes: this process is the only one. */
export const groupCursor = (db: Database) => {
  const held = new Map<string, number>();
  const save = db.prepare('INSERT OR REPLACE INTO stream_groups (reader, topic, next) VALUES (?, ?, ?)');
  const next = (group: Group, topic: Topic): number => {
    const name = `${group} ${topic}`;
    const known = held.get(name);
    if (known !== undefined) return known;
    const row = db.prepare('SELECT next FROM stream_groups WHERE reader = ? AND topic = ?').get(group, topic);
    const stored = Number(row?.['next'] ?? 0);
    held.set(name, stored);
    return stored;
  };
  const set = (group: Group, topic: Topic, offset: number): void => {
    db.defer(() => save.run(group, topic, offset));
    held.set(`${group} ${topic}`, offset);
  };
  return {
    next,
    /** Unless it was set back while the batch was being worked. */
    finish: (group: Group, topic: Topic, { from, to }: { readonly from: number; readonly to: number }): void => {
      if (next(group, topic) >= from) set(group, topic, to);
    },
    rewind: (group: Group, topic: Topic, records: number): void =>
      set(group, topic, Math.max(0, next(group, topic) - records)),
  };
};
