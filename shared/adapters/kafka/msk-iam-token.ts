import { createHash, createHmac } from 'node:crypto';
import { getCanonicalQuery, SignatureV4 } from '@smithy/signature-v4';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface MskIamSettings {
  readonly region: string;
  /** Asked for every token, so that credentials that are replaced over time are taken as they are then. */
  readonly credentials: () => Promise<AwsCredentials>;
}

/** The longest that Amazon MSK accepts. */
const lifetimeSeconds = 900;
const userAgent = 'regrade';

/**
 * The OAUTHBEARER token by which a client signs in to Amazon MSK: the URL of the action `kafka-cluster:Connect`, presigned by
 * Signature Version 4 for 900 seconds, with the client's name as an unsigned parameter, in base64url without padding.
 */
export const mskIamToken = async ({ region, credentials }: MskIamSettings, wallNow: number): Promise<string> => {
  const hostname = `kafka.${region}.amazonaws.com`;
  const signer = new SignatureV4({
    service: 'kafka-cluster',
    region,
    credentials: await credentials(),
    sha256: Sha256,
  });
  const request = {
    method: 'GET',
    protocol: 'https:',
    hostname,
    path: '/',
    headers: { host: hostname },
    query: { Action: 'kafka-cluster:Connect' },
  };
  const signed = await signer.presign(request, { signingDate: new Date(wallNow), expiresIn: lifetimeSeconds });
  const signature = signed.query?.['X-Amz-Signature'];
  const url = `https://${hostname}/?${getCanonicalQuery(signed)}&X-Amz-Signature=${String(signature)}&User-Agent=${userAgent}`;
  return Buffer.from(url, 'utf8').toString('base64url');
};

/** SHA-256, or its HMAC where there is a secret. A class, since the signer constructs it itself. */
class Sha256 {
  readonly #hash: { update(bytes: Buffer): unknown; digest(): Buffer };

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(chunk: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(chunk));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    throw new Error('a signer takes a new one for every text');
  }
}

const bytesOf = (source: string | ArrayBuffer | ArrayBufferView): Buffer => {
  if (typeof source === 'string') return Buffer.from(source, 'utf8');
  if (source instanceof ArrayBuffer) return Buffer.from(source);
  return Buffer.from(source.buffer, source.byteOffset, source.byteLength);
};
