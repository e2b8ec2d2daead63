import type { Progress } from '../../ports/progress.ts';
import type { SqliteStream } from './stream.ts';

/** How far the groups of this process are: the one partition of each topic is 0. */
export const sqliteProgress = ({ placeOf }: Pick<SqliteStream, 'placeOf'>): Progress => ({
  // the end of a topic is nobody's: any group is asked for it
  mark: async (topic) => new Map([[0, placeOf(topic, 'grade-customers').end]]),
  passed: async (topic, group, mark) => placeOf(topic, group).next >= (mark.get(0) ?? 0),
  unread: async (topic, group) => {
    const { end, next } = placeOf(topic, group);
    return end - next;
  },
});
