import { createHmac, hash } from 'node:crypto';
import type { Hashing } from '../domain/ledger.ts';

/** SHA-256 and HMAC-SHA-256 of Node's own crypto, as lower-case hex. */
export const hashing: Hashing = {
  sha256: (text) => hash('sha256', text, 'hex'),
  hmacSha256: (keyHex, text) => createHmac('sha256', Buffer.from(keyHex, 'hex')).update(text).digest('hex'),
};
