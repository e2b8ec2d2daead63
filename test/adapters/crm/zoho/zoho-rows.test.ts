import { describe, expect, it } from 'vitest';
import { readWrite } from '#shared/adapters/crm/zoho/zoho-rows.ts';

const answered = (row: object, status = 200) => ({ outcome: 'answered' as const, status, json: { data: [row] } });
const keyed = { repeatable: true, keyField: 'Key' };
const keyless = { repeatable: false };

describe('readWrite', () => {
  it('sees a failed row under a good status', () => {
    const row = { code: 'INVALID_DATA', status: 'error', message: '', details: { api_name: 'Grade' } };
    expect(readWrite(answered(row, 200), keyed)).toEqual({ outcome: 'refused', reason: 'INVALID_DATA Grade' });
    expect(readWrite(answered(row, 207), keyed)).toEqual({ outcome: 'refused', reason: 'INVALID_DATA Grade' });
  });

  it('takes a duplicate for its own earlier write only in the field of its key', () => {
    const duplicate = (details: object) => answered({ code: 'DUPLICATE_DATA', status: 'error', details }, 400);
    expect(readWrite(duplicate({ api_name: 'Key', id: '9' }), keyed)).toEqual({ outcome: 'done', reference: '9' });
    expect(readWrite(duplicate({ id: '9' }), keyed)).toEqual({ outcome: 'done', reference: '9' });
    expect(readWrite(duplicate({ api_name: 'Email', id: '9' }), keyed).outcome).toBe('refused');
    expect(readWrite(duplicate({ api_name: 'Key', id: '9' }), keyless).outcome).toBe('refused');
  });

  it('waits for a record that somebody holds', () => {
    const locked = answered({ code: 'RECORD_LOCKED', status: 'error', details: {} });
    expect(readWrite(locked, keyless)).toEqual({ outcome: 'retry', reason: 'RECORD_LOCKED', afterMs: 900_000 });
  });

  it.each([{}, { data: [] }, { data: [1] }, { data: [{ code: 'SUCCESS' }] }, undefined])(
    'does not call %j a success',
    (json) => {
      expect(readWrite({ outcome: 'answered', status: 200, json }, keyed).outcome).toBe('retry');
      expect(readWrite({ outcome: 'answered', status: 200, json }, keyless).outcome).toBe('unknown');
    },
  );
});
