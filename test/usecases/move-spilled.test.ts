import { describe, expect, it } from 'vitest';
import { memorySpill } from '#shared/adapters/memory/spill.ts';
import { limits } from '#shared/definitions/limits.ts';
import { topics } from '#shared/definitions/topics.ts';
import { outgoingHint } from '#shared/domain/hint.ts';
import { PipelineError } from '#shared/domain/pipeline-error.ts';
import type { Stream } from '#shared/ports/stream.ts';
import { moveSpilled } from '#shared/usecases/move-spilled.ts';
import { firstInstant } from '../contract/customer-states.ts';
import { spilledHints } from '../contract/spill.ts';
import { failing } from '../kit/failing.ts';
import { handClock } from '../kit/hand-clock.ts';
import { handStream } from '../kit/hand-stream.ts';

const bench = () => {
  const clock = handClock(firstInstant);
  const [spill, stream] = [memorySpill(), handStream(clock.businessNow)];
  const onTopic = () => stream.read(topics.webhooks).map(({ value }) => value);
  return { clock, spill, stream, onTopic };
};
const outgoing = (delivery: string, count: number) =>
  spilledHints(delivery, count).map((hint, index) => outgoingHint(hint, index).value);

describe('moveSpilled', () => {
  it('does nothing where nothing was spilled', async () => {
    const at = bench();
    expect(await moveSpilled(at)).toBe(0);
    expect(at.onTopic()).toEqual([]);
  });

  it('puts every hint on its topic as its delivery would have, oldest first, and says how many', async () => {
    const at = bench();
    const names = Array.from({ length: 50 }, (_, index) => `d${index}`);
    for (const [index, name] of names.entries()) await at.spill.put(spilledHints(name, 3), firstInstant - 100 + index);
    expect(await moveSpilled(at)).toBe(150);
    expect(at.onTopic()).toEqual(names.flatMap((name) => outgoing(name, 3)));
    expect(at.stream.read(topics.webhooks)[0]).toMatchObject({ key: 'zoho-eu/Accounts/0', at: firstInstant });
    expect(await at.spill.count()).toEqual(new Map());
    expect(await moveSpilled(at)).toBe(0);
  });

  it('keeps what the stream does not take', async () => {
    const at = bench();
    await at.spill.put(spilledHints('a', 2), firstInstant);
    const down = { ...at, stream: failing(at.stream, 'append', 'before') };
    await expect(moveSpilled(down)).rejects.toMatchObject({ retryable: true });
    expect(await at.spill.count()).toEqual(new Map([['zoho-eu', 2]]));
    at.clock.passWall(limits.spillClaimMs);
    expect(await moveSpilled(at)).toBe(2);
    expect(at.onTopic()).toEqual(outgoing('a', 2));
  });

  it('leaves a delivery behind that the stream will never take, and moves the others', async () => {
    const at = bench();
    for (const name of ['a', 'huge', 'b']) await at.spill.put(spilledHints(name, 2), firstInstant);
    const tooLarge = new PipelineError('RECORD_TOO_LARGE', 'too large', { retryable: false });
    const append: Stream['append'] = async (topic, records) => {
      if (records.some(({ value }) => value.includes('"huge"'))) throw tooLarge;
      await at.stream.append(topic, records);
    };
    expect(await moveSpilled({ ...at, stream: { ...at.stream, append } })).toBe(4);
    expect(at.onTopic()).toEqual([...outgoing('a', 2), ...outgoing('b', 2)]);
    expect(await at.spill.count()).toEqual(new Map([['zoho-eu', 2]]));
  });

  it('stops when its time is over', async () => {
    const at = bench();
    for (let index = 0; index < 30; index += 1)
      await at.spill.put(spilledHints(`d${index}`, 1), firstInstant - 100 + index);
    let rounds = 0;
    expect(await moveSpilled({ ...at, goesOn: () => (rounds += 1) === 1 })).toBe(20);
  });

  it('moves again under the same ids what it could not remove', async () => {
    const at = bench();
    await at.spill.put(spilledHints('a', 2), firstInstant);
    const down = { ...at, spill: failing(at.spill, 'remove', 'before') };
    await expect(moveSpilled(down)).rejects.toMatchObject({ retryable: true });
    at.clock.passWall(limits.spillClaimMs);
    expect(await moveSpilled(at)).toBe(2);
    expect(at.onTopic()).toEqual([...outgoing('a', 2), ...outgoing('a', 2)]);
    expect(await at.spill.count()).toEqual(new Map());
  });
});
