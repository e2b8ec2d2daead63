import { describe, expect, it } from 'vitest';
import { createEntrances } from '../../../functions/receive-webhook/entrances.ts';
import type { SecretRef } from '../../../shared/definitions/secret-ref.ts';
import { Connection } from '../../../shared/definitions/workspace.ts';
import { PipelineError } from '../../../shared/domain/pipeline-error.ts';
import { receivingEntrances } from './receiving-server.ts';

const withSecret = (connection: unknown, resolve: (ref: SecretRef) => string) => () =>
  createEntrances({ crm: Connection.parse(connection) }, resolve);

const push = { vendor: 'fxiaoke', push: { keys: [{ env: 'A' }, { env: 'B' }] } };
const standard = {
  vendor: 'generic',
  signature: { kind: 'standard-webhooks', secrets: [{ env: 'A' }] },
  records: {},
};

describe('the entrances of a workspace', () => {
  it('are those that its connections configure', () => {
    const names = [...receivingEntrances].map(([connection, built]) => [connection, [...built.keys()]]);
    expect(names).toEqual([
      ['zoho-eu', ['zoho-notifications', 'zoho-workflow']],
      ['fxiaoke-cn', ['fxiaoke-events', 'fxiaoke-apl']],
      ['shop', ['generic']],
      ['silent', []],
    ]);
  });

  it.each([
    [push, 'not-a-key-at-all', /^connections\.crm\.push\.keys: .*openssl rand -base64 32/],
    [push, 'short', /^connections\.crm\.push\.keys\.0: a secret must have at least 8 characters/],
    [standard, 'whsec_hunter2hunter2', /^connections\.crm\.signature\.secrets: .*whsec_/],
    [
      { vendor: 'zoho', dataCentre: 'eu', workflow: { secrets: [{ env: 'A' }] } },
      '',
      /^connections\.crm\.workflow\.secrets\.0: /,
    ],
  ])('refuse a bad secret, name its place and the cure, and do not repeat it', (connection, secret, message) => {
    const build = withSecret(connection, () => secret);
    expect(build).toThrow(message);
    expect(build).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', retryable: false }));
    expect(build).not.toThrow(/hunter2|not-a-key/);
  });

  it('say where a secret is wanted that cannot be found', () => {
    const build = withSecret(push, () => {
      throw new PipelineError('CONFIG_INVALID', 'the environment variable A is not set', { retryable: false });
    });
    expect(build).toThrow('connections.crm.push.keys.0: the environment variable A is not set');
  });
});
