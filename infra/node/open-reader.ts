import type { OpenReader } from '../cli/reader.ts';

/** Looks into what a workspace runs on, whether or not a node or workers write to it. Only that engine is loaded. */
export const openReader: OpenReader = async (loaded, engine) => {
  if (engine !== undefined) {
    const { openDynamoDbReader } = await import('./readers/open-dynamodb-reader.ts');
    return openDynamoDbReader(loaded, engine);
  }
  const { openSqliteReader } = await import('./readers/open-sqlite-reader.ts');
  return openSqliteReader(loaded);
};
