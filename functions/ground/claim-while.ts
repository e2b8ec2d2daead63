import type { ActionStore } from '../../shared/ports/action-store.ts';

/** The same store, which hands out no more deliveries to send once `goesOn` is false: an attempt begun is not cut off then. */
export const claimWhile = (actions: ActionStore, goesOn: () => boolean): ActionStore => ({
  ...actions,
  claimSending: async (claim) => (goesOn() ? actions.claimSending(claim) : []),
});
