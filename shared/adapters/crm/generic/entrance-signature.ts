import { createHmac } from 'node:crypto';
import { PipelineError } from '../../../domain/pipeline-error.ts';
import type { Delivery } from '../../../ports/entrance.ts';
import { bodyDigest } from '../../../runtime/body-digest.ts';
import { sameText } from '../../../runtime/same-secret.ts';

export type GenericSignature =
  | { readonly kind: 'standard-webhooks'; readonly secrets: readonly string[]; readonly toleranceSeconds: number }
  | {
      readonly kind: 'hmac';
      readonly header: string;
      readonly algorithm: 'sha256' | 'sha1' | 'sha512';
      readonly encoding: 'hex' | 'base64';
      readonly prefix: string;
      readonly secrets: readonly string[];
    };

/** Names the delivery when it is signed, undefined when it is not. */
export type Prove = (delivery: Delivery) => string | undefined;

/** @throws {PipelineError} `CONFIG_INVALID`, not retryable, for a secret that is none of the scheme's. */
export const proofOfGeneric = (signature: GenericSignature): Prove => {
  switch (signature.kind) {
    case 'standard-webhooks':
      return standardWebhooks(signature.secrets.map(keyOf), signature.toleranceSeconds);
    case 'hmac':
      return hmacHeader(signature);
  }
};

/**
 * Standard Webhooks 1.0.0 (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md): `v1` is the
 * Base64 HMAC-SHA256 over `webhook-id.webhook-timestamp.body`; the header may list several. The id, the same on every
 * attempt, names the delivery.
 */
const standardWebhooks =
  (keys: readonly Buffer[], toleranceSeconds: number): Prove =>
  (delivery) => {
    const { body, wallNow } = delivery;
    const id = delivery.header('webhook-id') ?? '';
    const timestamp = delivery.header('webhook-timestamp') ?? '';
    const given = (delivery.header('webhook-signature') ?? '').split(' ');
    let signed = false;
    for (const key of keys) {
      const expected = `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
      for (const signature of given) signed = sameText(expected, signature) || signed;
    }
    const isTimely = /^\d{1,12}$/.test(timestamp) && Math.abs(wallNow / 1000 - Number(timestamp)) <= toleranceSeconds;
    return signed && isTimely && /^[\x21-\x7e]{1,200}$/.test(id) ? id : undefined;
  };

/** A header with the HMAC of the raw body. The sender gives no id: equal bodies are copies of one delivery. */
const hmacHeader =
  (scheme: Extract<GenericSignature, { kind: 'hmac' }>): Prove =>
  (delivery) => {
    const { body } = delivery;
    const given = delivery.header(scheme.header) ?? '';
    let signed = false;
    for (const secret of scheme.secrets) {
      const digest = createHmac(scheme.algorithm, secret).update(body).digest(scheme.encoding);
      signed = sameText(scheme.prefix + digest, given) || signed;
    }
    return signed ? bodyDigest('generic', body) : undefined;
  };

const keyOf = (secret: string): Buffer => {
  const base64 = secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : secret;
  const key = Buffer.from(base64, 'base64');
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(base64) && key.length >= 24 && key.length <= 64) return key;
  throw new PipelineError(
    'CONFIG_INVALID',
    'a Standard Webhooks secret is written whsec_ and the Base64 of 24 to 64 bytes: make one with `echo "whsec_$(openssl rand -base64 32)"`',
    { retryable: false },
  );
};
