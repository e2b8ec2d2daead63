import { expect, it } from 'vitest';
import { clusterProof } from '../proof/cluster-proof.ts';
import { withEngines } from '../proof/with-engines.ts';

// a slice of `npm run proof`, small enough for every run of the engines' tests; its broker is its own, since it is killed
it('loses nothing and does nothing twice when workers and broker are killed and DynamoDB fails', {
  timeout: 600_000,
}, async () => {
  const proof = await withEngines((engines) =>
    clusterProof({ ...engines, webhooks: 100, kills: 4, brokerKills: 1, faultRate: 0.1, seed: 7 }),
  );
  expect(proof.faults).toEqual([]);
  expect([proof.kills, proof.brokerKills]).toEqual([4, 1]);
});
