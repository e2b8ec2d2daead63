import type { OpenPublishing } from '../cli/publishing.ts';

/** The way to publish models on what a workspace runs on. Only that engine is loaded. */
export const openPublishing: OpenPublishing = async (loaded, engine) => {
  if (engine !== undefined) {
    const { openDynamoDbPublishing } = await import('./readers/open-dynamodb-publishing.ts');
    return openDynamoDbPublishing(loaded, engine);
  }
  const { openSqlitePublishing } = await import('./readers/open-sqlite-publishing.ts');
  return openSqlitePublishing(loaded);
};
