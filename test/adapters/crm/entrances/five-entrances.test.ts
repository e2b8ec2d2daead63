import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, deliveryOf, fiveEntrances, type Sent } from './good-deliveries.ts';

const flipped = (text: Uint8Array, bit: number): Uint8Array => {
  const copy = Uint8Array.from(text);
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
};

describe.each(fiveEntrances)('the $name entrance', ({ entrance, good, isBodySigned }) => {
  const enter = (sent: Sent) => entrance.enter(deliveryOf(sent));

  it('takes an authentic delivery, and every copy of it under the same name', () => {
    const first = enter(good);
    expect(first).toMatchObject({ outcome: 'accepted' });
    expect(enter(good)).toEqual(first);
  });

  it('refuses the same delivery without anything that proves the sender', () => {
    if (Object.keys(good.headers).some((name) => name !== 'content-type') || good.pathSecret !== undefined)
      expect(enter({ body: good.body, headers: {} })).toEqual({ outcome: 'forged' });
    else {
      const envelope = JSON.parse(Buffer.from(good.body).toString()) as Record<string, unknown>;
      const unsigned = { ...envelope, signature: undefined };
      expect(enter({ ...good, body: bytes(unsigned) })).toEqual({ outcome: 'forged' });
    }
  });

  it('refuses whatever differs in one bit of a signed body', () => {
    if (!isBodySigned) return;
    for (let bit = 0; bit < good.body.length * 8; bit += 1)
      expect(enter({ ...good, body: flipped(good.body, bit) }), `bit ${bit}`).toEqual({ outcome: 'forged' });
  });

  it('refuses whatever differs in one bit of a proving header or path', () => {
    const proofs = Object.keys(good.headers).filter((name) => name !== 'content-type');
    for (const name of proofs) {
      const value = Buffer.from(good.headers[name]!);
      for (let bit = 0; bit < value.length * 8; bit += 1) {
        const headers = { ...good.headers, [name]: Buffer.from(flipped(value, bit)).toString('latin1') };
        expect(enter({ ...good, headers }), `${name}, bit ${bit}`).toEqual({ outcome: 'forged' });
      }
    }
    const path = Buffer.from(good.pathSecret ?? '');
    for (let bit = 0; bit < path.length * 8; bit += 1)
      expect(enter({ ...good, pathSecret: Buffer.from(flipped(path, bit)).toString('latin1') })).toEqual({
        outcome: 'forged',
      });
  });

  it('never throws and takes nothing forged, whatever the bytes, headers and clocks', () => {
    const names = Object.keys(good.headers);
    const anySent = fc.record({
      body: fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.json().map(bytes), fc.constant(good.body)),
      headers: fc.dictionary(fc.constantFrom(...names, 'content-type'), fc.string({ maxLength: 80 })),
      pathSecret: fc.string({ maxLength: 40 }),
      wallNow: fc.integer(),
    });
    const isGood = (sent: Sent): boolean =>
      sent.body === good.body &&
      names.every((name) => name === 'content-type' || sent.headers[name] === good.headers[name]);
    fc.assert(
      fc.property(anySent, (sent) => {
        // a push proves itself by its body alone: only its age is left to be refused
        if (!isGood(sent)) expect(enter(sent)).toEqual({ outcome: 'forged' });
        else expect(['forged', 'accepted']).toContain(enter(sent).outcome);
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});

describe('an authentic sender with a broken body', () => {
  const byName = new Map(fiveEntrances.map((each) => [each.name, each]));

  it.each([
    ['half a UTF-8 character', Uint8Array.of(0x7b, 0x22, 0xe4, 0xbd), 'the body is not UTF-8'],
    ['no JSON', bytes('{"module": '), 'the body is not JSON'],
    [
      'an abyss of brackets',
      bytes(`${'['.repeat(20_000)}${']'.repeat(20_000)}`),
      'the body is nested more than 64 deep',
    ],
  ])('is told that %s is not readable, without a quotation', (_, body, reason) => {
    const workflow = byName.get('zoho-workflow')!;
    expect(workflow.entrance.enter(deliveryOf({ ...workflow.good, body }))).toEqual({ outcome: 'unreadable', reason });
  });

  it('is told nothing where the proof itself stands in the body', () => {
    for (const name of ['zoho-notifications', 'fxiaoke-events']) {
      const { entrance, good } = byName.get(name)!;
      for (const body of [Uint8Array.of(0xff), bytes('{'), bytes([]), bytes('null'), new Uint8Array()])
        expect(entrance.enter(deliveryOf({ ...good, body }))).toEqual({ outcome: 'forged' });
    }
  });

  it('leaves Object.prototype alone when keys are called __proto__', () => {
    const body = '{"__proto__":{"module":"Deals","polluted":1},"constructor":{"prototype":{"polluted":1}},"id":"1"}';
    const workflow = byName.get('zoho-workflow')!;
    expect(workflow.entrance.enter(deliveryOf({ ...workflow.good, body: bytes(body) }))).toMatchObject({
      outcome: 'unreadable',
    });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
