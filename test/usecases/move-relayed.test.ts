import { describe, expect, it } from 'vitest';
import { memoryRelay } from '#shared/adapters/memory/relay.ts';
import { limits } from '#shared/definitions/limits.ts';
import { type Topic, topics } from '#shared/definitions/topics.ts';
import { PipelineError } from '#shared/domain/pipeline-error.ts';
import type { Stream } from '#shared/ports/stream.ts';
import { appendByRelay } from '#shared/usecases/append-by-relay.ts';
import { moveRelayed } from '#shared/usecases/move-relayed.ts';
import { firstInstant } from '../contract/customer-states.ts';
import { relayed } from '../contract/relay.ts';
import { failing } from '../kit/failing.ts';
import { handClock } from '../kit/hand-clock.ts';
import { handStream } from '../kit/hand-stream.ts';
import { quietLog } from '../kit/quiet-log.ts';

const bench = () => {
  const clock = handClock(firstInstant);
  const relay = memoryRelay();
  const stream = handStream(clock.businessNow);
  const from = appendByRelay({ relay, clock });
  const onTopic = (topic: Topic = topics.events) => stream.read(topic).map(({ key, value }) => ({ key, value }));
  return { clock, relay, stream, from, onTopic, log: quietLog() };
};

describe('moveRelayed', () => {
  it('does nothing where nothing waits', async () => {
    expect(await moveRelayed(bench())).toBe(0);
  });

  it('brings what was appended to its topics, in order, and says how much that was', async () => {
    const at = bench();
    const names = Array.from({ length: 50 }, (_, index) => String(index));
    for (const name of names) await at.from.append(topics.events, relayed(name, `${name} too`));
    await at.from.append(topics.dead, relayed('letter'));
    expect(await moveRelayed(at)).toBe(101);
    expect(at.onTopic()).toEqual(names.flatMap((name) => relayed(name, `${name} too`)));
    expect(at.onTopic(topics.dead)).toEqual(relayed('letter'));
    expect(await at.relay.count()).toEqual(new Map());
    expect(await moveRelayed(at)).toBe(0);
  });

  it('keeps what the stream does not take, and what stands behind it, in order', async () => {
    const at = bench();
    for (const name of ['1', '2', '3']) await at.from.append(topics.events, relayed(name));
    const append: Stream['append'] = async (topic, records) => {
      if (records.some(({ value }) => value === '2'))
        throw new PipelineError('STREAM_UNAVAILABLE', 'away', { retryable: true });
      await at.stream.append(topic, records);
    };
    await expect(moveRelayed({ ...at, stream: { append } })).rejects.toMatchObject({ retryable: true });
    expect(at.onTopic()).toEqual(relayed('1'));
    expect(await moveRelayed(at)).toBe(0);
    at.clock.passWall(limits.relayClaimMs);
    expect(await moveRelayed(at)).toBe(2);
    expect(at.onTopic()).toEqual(relayed('1', '2', '3'));
  });

  it('sets aside what a topic never takes, and nothing else', async () => {
    const at = bench();
    for (const name of ['1', 'huge', '2']) await at.from.append(topics.events, relayed(name));
    const refusing = (code: 'RECORD_TOO_LARGE' | 'CONFIG_INVALID') => ({
      append: async (topic: Parameters<Stream['append']>[0], records: Parameters<Stream['append']>[1]) => {
        if (records.some(({ value }) => value === 'huge')) throw new PipelineError(code, 'no', { retryable: false });
        await at.stream.append(topic, records);
      },
    });
    await expect(moveRelayed({ ...at, stream: refusing('CONFIG_INVALID') })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
    at.clock.passWall(limits.relayClaimMs);
    expect(await moveRelayed({ ...at, stream: refusing('RECORD_TOO_LARGE') })).toBe(1);
    expect(at.onTopic()).toEqual(relayed('1', '2'));
    expect(await at.relay.count()).toEqual(new Map([[topics.events, 1]]));
    at.clock.passWall(limits.relayClaimMs);
    await at.from.append(topics.events, relayed('3'));
    expect(await moveRelayed(at)).toBe(1);
    expect(at.onTopic()).toEqual(relayed('1', '2', '3'));
  });

  it('brings again what it could not remove', async () => {
    const at = bench();
    await at.from.append(topics.events, relayed('1'));
    await expect(moveRelayed({ ...at, relay: failing(at.relay, 'remove', 'before') })).rejects.toMatchObject({
      retryable: true,
    });
    at.clock.passWall(limits.relayClaimMs);
    expect(await moveRelayed(at)).toBe(1);
    expect(at.onTopic()).toEqual(relayed('1', '1'));
  });

  it('stops when its time is over', async () => {
    const at = bench();
    for (let index = 0; index < 30; index += 1) await at.from.append(topics.events, relayed(String(index)));
    let rounds = 0;
    expect(await moveRelayed({ ...at, goesOn: () => (rounds += 1) === 1 })).toBe(20);
  });
});
