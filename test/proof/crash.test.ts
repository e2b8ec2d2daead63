import { expect, it } from 'vitest';
import { crashProof } from './crash-proof.ts';

// a slice of `npm run proof`, small enough for every run of the tests
it('loses nothing and does nothing twice when its process is killed again and again', {
  timeout: 240_000,
}, async () => {
  const proof = await crashProof({ webhooks: 300, kills: 5, seed: 7 });
  expect(proof.faults).toEqual([]);
  expect(proof.kills).toBe(5);
});
