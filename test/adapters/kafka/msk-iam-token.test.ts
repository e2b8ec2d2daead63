import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type AwsCredentials, mskIamToken } from '#shared/adapters/kafka/msk-iam-token.ts';

const now = Date.UTC(2026, 10, 22, 7, 30, 5, 250);
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

const urlOf = async (credentials: AwsCredentials, region = 'eu-central-1'): Promise<URL> => {
  const token = await mskIamToken({ region, credentials: async () => credentials }, now);
  expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
  return new URL(Buffer.from(token, 'base64url').toString('utf8'));
};

const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Signature Version 4 as AWS describes it, for a GET of `/` whose only header is its host. */
const signatureOf = (url: URL, secret: string, region: string): string => {
  const signed = [...url.searchParams].filter(([name]) => name !== 'X-Amz-Signature' && name !== 'User-Agent');
  const query = signed.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).sort();
  const request = ['GET', '/', query.join('&'), `host:${url.host}`, '', 'host', sha256('')].join('\n');
  const scope = `20261122/${region}/kafka-cluster/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', '20261122T073005Z', scope, sha256(request)].join('\n');
  const key = ['20261122', region, 'kafka-cluster', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, text).toString('hex');
};

describe('mskIamToken', () => {
  it('asks to connect, for 900 seconds, with the signature that AWS will compute', async () => {
    const url = await urlOf(keys);
    expect(`${url.origin}${url.pathname}`).toBe('https://kafka.eu-central-1.amazonaws.com/');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      Action: 'kafka-cluster:Connect',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKIDEXAMPLE/20261122/eu-central-1/kafka-cluster/aws4_request',
      'X-Amz-Date': '20261122T073005Z',
      'X-Amz-Expires': '900',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': signatureOf(url, keys.secretAccessKey, 'eu-central-1'),
      'User-Agent': 'regrade',
    });
  });

  it('signs the session token of temporary credentials along', async () => {
    const url = await urlOf({ ...keys, sessionToken: 'Fwo+GZXIvYXdz/EXAMPLE==' }, 'us-east-1');
    expect(url.searchParams.get('X-Amz-Security-Token')).toBe('Fwo+GZXIvYXdz/EXAMPLE==');
    expect(url.searchParams.get('X-Amz-Signature')).toBe(signatureOf(url, keys.secretAccessKey, 'us-east-1'));
  });

  it('takes the credentials as they are at each sign-in', async () => {
    let asked = 0;
    const credentials = async (): Promise<AwsCredentials> => ({ ...keys, accessKeyId: `AKID${(asked += 1)}` });
    const tokens = [
      await mskIamToken({ region: 'a', credentials }, now),
      await mskIamToken({ region: 'a', credentials }, now),
    ];
    expect(tokens.map((token) => /AKID\d/.exec(Buffer.from(token, 'base64url').toString())?.[0])).toEqual([
      'AKID1',
      'AKID2',
    ]);
  });

  it('fails as the credentials do', async () => {
    const credentials = () => Promise.reject(new Error('no role'));
    await expect(mskIamToken({ region: 'a', credentials }, now)).rejects.toThrow('no role');
  });
});
