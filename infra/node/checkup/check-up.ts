import type { CheckUp } from '../../cli/checkup.ts';

/** Looks over what a workspace runs on. Only that engine is loaded. */
export const checkUp: CheckUp = async (loaded, engine) => {
  if (engine !== undefined) {
    const { checkCluster } = await import('./check-cluster.ts');
    return checkCluster(loaded, engine);
  }
  const { checkStore } = await import('./check-store.ts');
  return checkStore(loaded);
};
