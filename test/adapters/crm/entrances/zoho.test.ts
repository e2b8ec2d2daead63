import { describe, expect, it } from 'vitest';
import { zohoNotifications } from '../../../../shared/adapters/crm/zoho/entrances/zoho-notifications.ts';
import { zohoWorkflow } from '../../../../shared/adapters/crm/zoho/entrances/zoho-workflow.ts';
import type { Entered } from '../../../../shared/ports/entrance.ts';
import { bytes, deliveryOf, notification } from './good-deliveries.ts';

const notifications = zohoNotifications({
  pathSecrets: ['path-secret-old', 'path-secret-new'],
  channels: [
    { id: '1105420521999070702', tokens: ['token-of-the-channel', 'token-of-last-week'] },
    { id: '1000000068001', tokens: ['token-of-another'] },
  ],
});

const notify = (changes: object, pathSecret = 'path-secret-new'): Entered =>
  notifications.enter(deliveryOf({ body: bytes({ ...notification, ...changes }), headers: {}, pathSecret }));

describe('Zoho notifications', () => {
  it('become one thin hint per record with the fields that changed', () => {
    const changes = { ids: ['11', '12'], affected_fields: [{ '11': ['Stage'] }, { '12': ['Amount', 'Owner'] }] };
    expect(notify(changes)).toMatchObject({
      outcome: 'accepted',
      hints: [
        { object: 'Leads', id: '11', operation: 'upsert', changedFields: ['Stage'] },
        { object: 'Leads', id: '12', operation: 'upsert', changedFields: ['Amount', 'Owner'] },
      ],
    });
    expect(JSON.stringify(notify({}))).not.toContain('Rangoni');
  });

  it.each([
    ['insert', 'upsert'],
    ['create', 'upsert'],
    ['update', 'upsert'],
    ['edit', 'upsert'],
    ['delete', 'delete'],
  ])('of operation %s mean %s', (operation, expected) => {
    expect(notify({ operation })).toMatchObject({ hints: [{ operation: expected }] });
  });

  it('name a record once however often a delivery repeats it', () => {
    expect(notify({ ids: ['11', '12', '11'] })).toMatchObject({ hints: [{ id: '11' }, { id: '12' }] });
  });

  it('are taken with any secret that is still valid, and only with the token of their own channel', () => {
    expect(notify({}, 'path-secret-old').outcome).toBe('accepted');
    expect(notify({ token: 'token-of-last-week' }).outcome).toBe('accepted');
    expect(notify({ channel_id: '1000000068001', token: 'token-of-another' }).outcome).toBe('accepted');
    expect(notify({ token: 'token-of-another' })).toEqual({ outcome: 'forged' });
    expect(notify({ token: null })).toEqual({ outcome: 'forged' });
    expect(notify({ channel_id: '2' })).toEqual({ outcome: 'forged' });
    expect(notify({}, 'path-secret')).toEqual({ outcome: 'forged' });
  });

  it('keep all digits of channel and record numbers that come without quotes', () => {
    const text = JSON.stringify(notification)
      .replace('"1105420521999070702"', '1105420521999070702')
      .replace('["6756839000000575405"]', '[6756839000000575405, 7]');
    const entered = notifications.enter(deliveryOf({ body: bytes(text), headers: {}, pathSecret: 'path-secret-new' }));
    expect(entered).toMatchObject({ outcome: 'accepted', hints: [{ id: '6756839000000575405' }, { id: '7' }] });
    const other = text.replace('1105420521999070702', '1105420521999070701');
    expect(notifications.enter(deliveryOf({ body: bytes(other), headers: {}, pathSecret: 'path-secret-new' }))).toEqual(
      {
        outcome: 'forged',
      },
    );
  });

  it('carry at most 500 records', () => {
    const ids = Array.from({ length: 501 }, (_, id) => String(id));
    expect(notify({ ids: ids.slice(1) })).toMatchObject({ outcome: 'accepted', hints: { length: 500 } });
    expect(notify({ ids })).toEqual({ outcome: 'unreadable', reason: 'ids must hold 1 to 500 record ids' });
    expect(notify({ ids: Array.from({ length: 60_000 }, () => '1') })).toMatchObject({ outcome: 'unreadable' });
  });

  it.each([
    [{ ids: [] }, 'ids must hold 1 to 500 record ids'],
    [{ ids: ['../settings'] }, 'ids must hold 1 to 500 record ids'],
    [{ module: 'Leads/1' }, 'module is missing or not usable'],
    [{ operation: 7 }, 'operation is missing or not usable'],
  ])('of another shape are refused with a plain reason: %o', (changes, reason) => {
    expect(notify(changes)).toEqual({ outcome: 'unreadable', reason });
  });

  it('lose no hint when the list of changed fields is in a form nobody knows', () => {
    for (const affected_fields of [null, 'all', [{ '6756839000000575405': 'Company' }], undefined])
      expect(notify({ affected_fields })).toMatchObject({ outcome: 'accepted', hints: [{ changedFields: [] }] });
  });
});

describe('Zoho workflow webhooks', () => {
  const workflow = zohoWorkflow({ header: 'x-ingest-key', secrets: ['ingest-secret-1'] });
  const send = (body: unknown, type = 'application/json', wallNow = 5): Entered =>
    workflow.enter(
      deliveryOf({ body: bytes(body), headers: { 'x-ingest-key': 'ingest-secret-1', 'content-type': type }, wallNow }),
    );

  it('are read from JSON and from forms alike', () => {
    const hints = [{ object: 'Deals', id: '554023000000527003', operation: 'upsert' }];
    expect(send({ module: 'Deals', id: '554023000000527003', event: 'edit' })).toMatchObject({ hints });
    expect(send('{"module":"Deals","id":554023000000527003}')).toMatchObject({ hints });
    const form = 'module=Deals&id=554023000000527003&event=edit&owner=%E5%BC%A0';
    expect(send(form, 'application/x-www-form-urlencoded; charset=UTF-8')).toMatchObject({ hints });
  });

  it('of event delete mean that the record is gone', () => {
    expect(send({ module: 'Deals', id: '1', event: 'Delete' })).toMatchObject({ hints: [{ operation: 'delete' }] });
  });

  it('of two edits are two deliveries although their bytes are the same', () => {
    const named = [5, 6].map((at) => send({ module: 'Deals', id: '1' }, 'application/json', at));
    expect(new Set(named.map((entered) => entered.outcome === 'accepted' && entered.delivery)).size).toBe(2);
  });

  it('without a module or an id are refused with a plain reason', () => {
    expect(send({ id: '1' })).toEqual({ outcome: 'unreadable', reason: 'module is missing or not usable' });
    expect(send('id=%FF&module=Deals', 'application/x-www-form-urlencoded')).toEqual({
      outcome: 'unreadable',
      reason: 'id is missing or not usable',
    });
    expect(send([])).toEqual({ outcome: 'unreadable', reason: 'the body must name module, id and event' });
  });
});
