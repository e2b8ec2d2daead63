import type { OpenDeadDesk } from '../cli/dead-desk.ts';

/** The dead letters of what a workspace runs on. Only that engine is loaded. */
export const openDeadDesk: OpenDeadDesk = async (loaded, engine) => {
  if (engine !== undefined) {
    const { openKafkaDeadDesk } = await import('./readers/open-kafka-dead-desk.ts');
    return openKafkaDeadDesk(loaded, engine);
  }
  const { openSqliteDeadDesk } = await import('./readers/open-sqlite-dead-desk.ts');
  return openSqliteDeadDesk(loaded);
};
