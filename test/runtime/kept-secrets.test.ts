import { describe, expect, it } from 'vitest';
import { environmentWith, type KeptSecret, placeOfMissing } from '#shared/runtime/kept-secrets.ts';
import { resolveSecret } from '#shared/runtime/secrets.ts';

const kept: readonly KeptSecret[] = [
  { name: 'regrade/prod/crm', prefix: '', values: { ID: 'id', EMPTY: ' ' } },
  { name: 'regrade/prod/channels', prefix: '', values: { ROBOT: 'https://robot' } },
  { name: 'AmazonMSK_x', prefix: 'KAFKA_', values: { username: 'u' } },
  { name: 'authority', prefix: 'KAFKA_CA_', values: {} },
];

describe('kept secrets', () => {
  it('are found as if they were in the environment, and go before it', () => {
    expect(environmentWith({ ID: 'other', HOME: '/' }, kept)).toMatchObject({
      ID: 'id',
      HOME: '/',
      KAFKA_username: 'u',
    });
    expect(resolveSecret({ env: 'KAFKA_username' }, { environment: {}, kept })).toBe('u');
    expect(resolveSecret({ env: 'HOME' }, { environment: { HOME: '/' }, kept })).toBe('/');
  });

  it.each([
    ['EMPTY', 'EMPTY in the secret regrade/prod/crm'],
    ['ABSENT', 'ABSENT in the secret regrade/prod/crm or regrade/prod/channels'],
    ['KAFKA_password', 'password in the secret AmazonMSK_x'],
    ['KAFKA_CA_certificate', 'certificate in the secret authority'],
  ])('tell where %s belongs', (name, place) => {
    expect(placeOfMissing(name, kept)).toBe(place);
    expect(() => resolveSecret({ env: name }, { environment: {}, kept })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: `${place} is not set` }) as Error,
    );
  });

  it('say nothing of secrets where there are none', () => {
    expect(placeOfMissing('ID', [])).toBeUndefined();
  });
});
