import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether two texts are equal, in a time that depends on their lengths only. For digests, whose length is no secret. */
export const sameText = (expected: string, given: string): boolean => {
  const a = Buffer.from(expected);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
};

/**
 * A check for static secrets of which several are valid at once. Digests are compared, so that neither length nor
 * content shows in the time; every secret is looked at, so that its place in the list does not show either.
 */
export const anyOfSecrets = (secrets: readonly string[]): ((given: string | undefined) => boolean) => {
  const digests = secrets.map(sha256);
  return (given) => {
    const digest = sha256(given ?? '');
    let matches = false;
    for (const known of digests) matches = timingSafeEqual(known, digest) || matches;
    return matches && given !== undefined;
  };
};

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
