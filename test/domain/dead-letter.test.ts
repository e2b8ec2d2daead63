import { describe, expect, it } from 'vitest';
import { decodeCloudEvent } from '#shared/domain/cloud-event.ts';
import { connectionOfLetter, DeadLetter, deadLetterIdOf, encodeDeadLetter } from '#shared/domain/dead-letter.ts';
import { encodeReplayNote, readDeadRecord, readReplayNote } from '#shared/domain/dead-record.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import { exhausted } from './aws-failures.ts';

const noon = Date.UTC(2026, 2, 2, 12);
const letter: DeadLetter = {
  reason: 'unreadable-hint',
  detail: 'not JSON',
  stage: 'resolve-records',
  topic: 'regrade.webhooks',
  partition: 0,
  offset: 5,
  key: 'shop/invoice/1',
  at: noon,
  attempts: 2,
  payload: '{',
};
const idOf = (changed: Partial<DeadLetter> = {}) => deadLetterIdOf({ ...letter, ...changed }, hashing.sha256);
const onTopic = (value: string) => ({ partition: 3, offset: 9, key: 'k', value, at: noon + 1 });

describe('a dead letter', () => {
  it('comes back as it was written', () => {
    expect(readDeadRecord(onTopic(encodeDeadLetter(letter)), '')).toEqual([letter]);
  });

  it('is cut where no broker would take it, and says so', () => {
    const large = { ...letter, payload: '中'.repeat(400_000) };
    const text = encodeDeadLetter(large);
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
    expect(readDeadRecord(onTopic(text), '')[0]).toMatchObject({ detail: 'not JSON (its payload is cut)' });
  });

  it('of before attempts were counted was the first', () => {
    const { attempts: _, ...old } = letter;
    expect(readDeadRecord(onTopic(encodeDeadLetter(old)), '')).toEqual([{ ...letter, attempts: 1 }]);
  });

  it('parked twice has one id, in the envelope and for people', () => {
    const again = { ...letter, detail: 'told otherwise', attempts: 1 };
    const [a, b] = [letter, again].map((each) => decodeCloudEvent(encodeDeadLetter(each), DeadLetter));
    expect(a?.ok === true && b?.ok === true && a.event.id === b.event.id).toBe(true);
    expect(idOf(again)).toBe(idOf());
    expect(idOf()).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each([
    { stage: 'other' },
    { topic: 'regrade.events' },
    { partition: 1 },
    { offset: 6 },
    { key: 'k' },
    { at: noon + 1 },
  ])('has another id where %j', (changed) => {
    expect(idOf(changed)).not.toBe(idOf());
  });

  it.each([
    ['regrade.webhooks', 'shop/invoice/1', 'shop'],
    ['inbox', 'crm/Accounts/1', 'crm'],
    ['regrade.events', 'account:shop:42', 'shop'],
    ['regrade.changes', 'lead:zoho-eu:4:2', 'zoho-eu'],
    ['regrade.events', 'garbage', undefined],
    ['regrade.webhooks', '', undefined],
  ])('on %s with the key %j came from %s', (topic, key, connection) => {
    expect(connectionOfLetter({ topic, key })).toBe(connection);
  });
});

describe('a record of the dead-letter topic', () => {
  it('that notes a replay is no letter', () => {
    const note = { of: idOf(), at: noon };
    expect(readReplayNote(encodeReplayNote(note))).toEqual(note);
    expect(readDeadRecord(onTopic(encodeReplayNote(note)), '')).toEqual([]);
    expect(readReplayNote(encodeDeadLetter(letter))).toBeUndefined();
  });

  it('that a letter quotes is not taken for a note', () => {
    const quoting = {
      ...letter,
      key: encodeReplayNote({ of: 'x', at: noon }),
      payload: encodeReplayNote({ of: 'x', at: noon }),
    };
    expect(readReplayNote(encodeDeadLetter(quoting))).toBeUndefined();
    expect(readDeadRecord(onTopic(encodeDeadLetter(quoting)), '')).toEqual([quoting]);
  });

  it('that AWS wrote is the letters in it', () => {
    const value = JSON.stringify(
      exhausted([{ topic: 'acme.regrade.events', offset: 7, key: 'account:shop:1', value: '{"a":1}' }]),
    );
    expect(readDeadRecord(onTopic(value), 'acme.')).toMatchObject([
      { topic: 'regrade.events', offset: 7, payload: '{"a":1}' },
    ]);
  });

  it.each(['', 'x', '{}', '[]', '{"specversion":"1.0","id":"1","source":"s","type":"other","time":"t","data":{}}'])(
    'that is none of these, %j, is a letter itself',
    (value) => {
      expect(readDeadRecord(onTopic(value), '')).toEqual([
        {
          reason: 'unreadable-letter',
          detail: expect.any(String) as string,
          stage: 'unknown',
          topic: 'regrade.dead',
          partition: 3,
          offset: 9,
          key: 'k',
          at: noon + 1,
          attempts: 1,
          payload: value,
        },
      ]);
    },
  );
});
