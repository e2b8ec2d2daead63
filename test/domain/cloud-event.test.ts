import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { decodeCloudEvent, encodeCloudEvent } from '#shared/domain/cloud-event.ts';

const Thing = z.object({ name: z.string(), size: z.int().optional() });
const envelope = {
  specversion: '1.0',
  id: '1',
  source: 's',
  type: 'thing.made',
  time: '2026-01-01T00:00:00.000Z',
  data: { name: 'a' },
};
const decode = (event: unknown) => decodeCloudEvent(JSON.stringify(event), Thing);

describe('a CloudEvent', () => {
  it('is written in structured mode, version 1.0', () => {
    const text = encodeCloudEvent(
      { id: '1', source: 's', type: 'thing.made', data: { name: 'a' } },
      Date.UTC(2026, 0, 1),
    );
    expect(JSON.parse(text)).toEqual({ ...envelope, datacontenttype: 'application/json' });
  });

  it('comes back as it was sent', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.string(),
        fc.integer({ min: 0, max: 4_000_000_000_000 }),
        (id, name, at) => {
          const event = { id, source: 's', type: 't', data: { name } };
          expect(decodeCloudEvent(encodeCloudEvent(event, at), Thing)).toEqual({ ok: true, event: { ...event, at } });
        },
      ),
    );
  });

  it('is read with attributes of others beside it', () => {
    expect(decode({ ...envelope, traceparent: '00-1', datacontenttype: 'application/json' })).toMatchObject({
      ok: true,
    });
  });

  it.each([
    ['another version', { ...envelope, specversion: '0.3' }, 'specversion'],
    ['no id', { ...envelope, id: '' }, 'id'],
    ['no source', { ...envelope, source: undefined }, 'source'],
    ['no type', { ...envelope, type: 7 }, 'type'],
    ['no time', { ...envelope, time: undefined }, 'time'],
    ['no data', { ...envelope, data: undefined }, 'data'],
    ['other data', { ...envelope, data: { name: 1 } }, 'name'],
    ['a list', [envelope], 'not a CloudEvent'],
    ['a text', 'x', 'not a CloudEvent'],
    ['null', null, 'not a CloudEvent'],
  ])('with %s comes back as a reason that names the place', (_, event, named) => {
    expect(decode(event)).toMatchObject({ ok: false, reason: expect.stringContaining(named) as string });
  });

  it('never throws on any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => !decodeCloudEvent(text, Thing).ok),
    );
  });

  it('nested deeper than its schema can walk comes back as a reason', () => {
    const deep = `{"specversion":"1.0","id":"1","source":"s","type":"t","time":"t","data":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    expect(decodeCloudEvent(deep, z.json())).toEqual({ ok: false, reason: 't: nested too deep' });
  });

  it('lets a fault of a schema be seen as what it is', () => {
    const broken = z.string().transform(() => {
      throw new TypeError('broken schema');
    });
    expect(() => decodeCloudEvent(JSON.stringify({ ...envelope, data: 'x' }), broken)).toThrow('broken schema');
  });
});
