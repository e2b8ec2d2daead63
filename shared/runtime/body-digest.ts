import { createHash } from 'node:crypto';

/** Names a delivery whose sender gives it no id: 32 hex digits of SHA-256 over the entrance and the parts. */
export const bodyDigest = (entrance: string, ...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256').update(entrance).update('\0');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 32);
};
