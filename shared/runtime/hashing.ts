import { createHash, createHmac } from 'node:crypto';
import type { Hashing } from '../domain/ledger.ts';

/** SHA-256 and HMAC-SHA-256 of Node's own crypto, as lower-case hex. */
export const hashing: Hashing = {
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
  hmacSha256: (keyHex, text) => createHmac('sha256', Buffer.from(keyHex, 'hex')).update(text).digest('hex'),
};
