import { createHmac } from 'node:crypto';
import { PipelineError } from '../../domain/pipeline-error.ts';

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/**
 * The bytes of a secret as it is shown to people: `whsec_` and Base64 of 24 to 64 bytes.
 *
 * @throws {PipelineError} `CONFIG_INVALID`, when it is not that. The message does not quote it.
 */
export const secretBytes = (secret: string): Buffer => {
  const text = secret.trim().replace(/^whsec_/, '');
  const bytes = base64.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0);
  if (bytes.length >= 24 && bytes.length <= 64) return bytes;
  throw new PipelineError('CONFIG_INVALID', 'a webhook secret is whsec_ and 24 to 64 bytes in Base64', {
    retryable: false,
  });
};

/** The webhook-signature header: one `v1,…` per secret, so that receivers may rotate (Standard Webhooks 1.0.0). `timestamp` is in seconds. */
export const signatureHeader = (secrets: readonly Uint8Array[], id: string, timestamp: number, body: string): string =>
  secrets
    .map((key) => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`)
    .join(' ');
