import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { decodeCloudEvent, encodeCloudEvent } from '#shared/domain/cloud-event.ts';
import { markReplay, replayMarkIn } from '#shared/domain/replay-mark.ts';

const mark = { of: '0123456789abcdef', attempt: 2 };
const event = { id: 'e1', source: 's', type: 't', data: { name: 'a' } };
const Data = z.object({ name: z.string() });
const anyObject = fc.dictionary(fc.string(), fc.jsonValue());

describe('a replay mark', () => {
  it('leaves the event what it was, and comes with it', () => {
    const marked = markReplay(encodeCloudEvent(event, 0), mark) ?? '';
    expect(decodeCloudEvent(marked, Data)).toEqual({ ok: true, event: { ...event, at: 0, replay: mark } });
    expect(decodeCloudEvent(encodeCloudEvent(event, 0), Data)).toEqual({ ok: true, event: { ...event, at: 0 } });
  });

  it('is of extension attributes that CloudEvents allows', () => {
    const attributes = Object.keys(JSON.parse(markReplay('{}', mark) ?? '') as object);
    expect(attributes).toHaveLength(2);
    for (const name of attributes) expect(name).toMatch(/^[a-z0-9]{1,20}$/);
  });

  it('takes the place of an older one', () => {
    const twice = markReplay(markReplay('{"a":1}', mark) ?? '', { of: 'fedcba9876543210', attempt: 3 });
    expect(twice).toBe('{"replayof":"fedcba9876543210","attempt":3,"a":1}');
  });

  it('keeps every other byte of any JSON object', () => {
    fc.assert(
      fc.property(
        anyObject,
        fc.constantFrom('', ' ', '\n\t'),
        fc.integer({ min: 2, max: 99 }),
        (object, space, attempt) => {
          const text = `${space}${JSON.stringify(object, null, space)}${space}`;
          const marked = markReplay(markReplay(text, mark) ?? '', { of: mark.of, attempt });
          expect(replayMarkIn(marked ?? '')).toEqual({ of: mark.of, attempt });
          const rest = JSON.parse(marked ?? '') as Record<string, unknown>;
          delete rest['replayof'];
          delete rest['attempt'];
          const before = JSON.parse(text) as Record<string, unknown>;
          delete before['replayof'];
          delete before['attempt'];
          expect(rest).toEqual(before);
          if (object['replayof'] === undefined) expect(marked?.endsWith(text.trimStart().slice(1))).toBe(true);
        },
      ),
    );
  });

  it('keeps a number that is too large to be read', () => {
    expect(markReplay('{"id":9007199254740993}', mark)).toContain('"id":9007199254740993}');
  });

  it('is written into text nested too deep to be written again', () => {
    const deep = `{"data":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    expect(replayMarkIn(markReplay(deep, mark) ?? '')).toEqual(mark);
  });

  it.each(['', 'x', '[]', '"text"', 'null', '1', '{"a":', '\ufeff{}'])('is not written into %j', (text) => {
    expect(markReplay(text, mark)).toBeUndefined();
    expect(replayMarkIn(text)).toBeUndefined();
  });

  it.each([
    { replayof: 1, attempt: 2 },
    { replayof: 'x' },
    { replayof: 'x', attempt: 1 },
    { replayof: 'x', attempt: '2' },
    { attempt: 2 },
  ])('is not seen in the attributes of others: %j', (attributes) => {
    const text = JSON.stringify({ ...JSON.parse(encodeCloudEvent(event, 0)), ...attributes });
    expect(decodeCloudEvent(text, Data)).toEqual({ ok: true, event: { ...event, at: 0 } });
  });
});
