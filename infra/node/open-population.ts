import type { OpenPopulation } from '../cli/population.ts';

/** Reads everybody out of what a workspace runs on. Only that engine is loaded. */
export const openPopulation: OpenPopulation = async (loaded, engine) => {
  if (engine !== undefined) {
    const { openDynamoDbPopulation } = await import('./readers/open-dynamodb-population.ts');
    return openDynamoDbPopulation(loaded, engine);
  }
  const { openSqlitePopulation } = await import('./readers/open-sqlite-population.ts');
  return openSqlitePopulation(loaded);
};
