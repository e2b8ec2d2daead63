import { describe, expect, it } from 'vitest';
import { decodeCloudEvent, encodeCloudEvent } from '#shared/domain/cloud-event.ts';
import type { DeadLetter } from '#shared/domain/dead-letter.ts';
import { Hint } from '#shared/domain/hint.ts';
import { TenantId } from '#shared/domain/ids.ts';
import { replayLetter } from '#shared/domain/replay-letter.ts';
import { replayMarkIn } from '#shared/domain/replay-mark.ts';

const id = '0123456789abcdef';
const at = Date.UTC(2026, 2, 2, 12);
const settings = { tenant: TenantId.parse('acme'), force: false };
const letter: DeadLetter = {
  ...{
    reason: 'unreadable-event',
    detail: '',
    stage: 'grade-customers',
    topic: 'regrade.events',
    partition: 0,
    offset: 5,
  },
  ...{ key: 'account:shop:1', at, attempts: 1 },
  payload: encodeCloudEvent({ id: 'e1', source: 's', type: 't', data: { a: 1 } }, at),
};

describe('sending a letter again', () => {
  it('keeps topic, key and event id, and marks it', () => {
    const replay = replayLetter(id, { ...letter, attempts: 4 }, settings);
    if (!replay.replayable) throw new Error(replay.why);
    expect(replay).toMatchObject({ topic: 'regrade.events', record: { key: 'account:shop:1' } });
    expect(JSON.parse(replay.record.value)).toEqual({
      ...(JSON.parse(letter.payload ?? '') as object),
      replayof: id,
      attempt: 5,
    });
  });

  it.each(['{', '', 'text', '[1]'])('leaves %j alone, unless it is forced to send it as it is', (payload) => {
    expect(replayLetter(id, { ...letter, payload }, settings)).toEqual({ replayable: false, why: 'garbage' });
    expect(replayLetter(id, { ...letter, payload }, { ...settings, force: true })).toEqual({
      replayable: true,
      topic: 'regrade.events',
      record: { key: letter.key, value: payload },
    });
  });

  it('cannot make up a payload', () => {
    const { payload: _, ...none } = letter;
    expect(replayLetter(id, none, { ...settings, force: true })).toEqual({ replayable: false, why: 'no-payload' });
  });

  it.each(['regrade.dead', 'orders', ''])('sends nothing to %j', (topic) => {
    expect(replayLetter(id, { ...letter, topic }, { ...settings, force: true })).toEqual({
      replayable: false,
      why: 'no-topic',
    });
  });

  it('asks anew for a record that was read back', () => {
    const read = {
      ...letter,
      topic: 'inbox',
      stage: 'resolve-records',
      key: 'crm/Accounts/a/b',
      payload: '{"name":"x"}',
    };
    const replay = replayLetter(id, read, settings);
    if (!replay.replayable) throw new Error(replay.why);
    expect(replay).toMatchObject({ topic: 'regrade.webhooks', record: { key: 'crm/Accounts/a/b' } });
    const decoded = decodeCloudEvent(replay.record.value, Hint);
    expect(decoded).toMatchObject({
      ok: true,
      event: {
        data: { tenant: 'acme', connection: 'crm', object: 'Accounts', id: 'a/b', operation: 'upsert', receivedAt: at },
        replay: { of: id, attempt: 2 },
      },
    });
    expect(decoded.ok && decoded.event.data.payload).toBeUndefined();
    expect(replayLetter(id, { ...read, key: 'odd' }, settings)).toEqual({ replayable: false, why: 'no-topic' });
  });

  it('marks each further attempt', () => {
    const once = replayLetter(id, letter, settings);
    const payload = once.replayable ? once.record.value : '';
    const twice = replayLetter('fedcba9876543210', { ...letter, attempts: 2, payload }, settings);
    expect(twice.replayable && replayMarkIn(twice.record.value)).toEqual({ of: 'fedcba9876543210', attempt: 3 });
  });
});
