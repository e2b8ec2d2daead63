import type { OpenEventDesk } from '../cli/event-desk.ts';

/** Only the engine that is asked for is loaded. */
export const openEventDesk: OpenEventDesk = async (loaded, engine, way) => {
  if (engine !== undefined) {
    const { openKafkaEventDesk } = await import('./readers/open-kafka-event-desk.ts');
    return openKafkaEventDesk(loaded, engine, way);
  }
  const { openSqliteEventDesk } = await import('./readers/open-sqlite-event-desk.ts');
  return openSqliteEventDesk(loaded);
};
