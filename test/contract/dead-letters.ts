import { describe, expect, it, onTestFinished } from 'vitest';
import { topics } from '#shared/definitions/topics.ts';
import type { DeadLetters } from '#shared/ports/dead-letters.ts';
import type { Stream } from '#shared/ports/stream.ts';
import { all } from '../kit/dead-bench.ts';

export interface DeadLettersGround {
  readonly stream: Pick<Stream, 'append'>;
  readonly letters: DeadLetters;
  readonly close: () => Promise<void>;
}

/** What every DeadLetters promises. Each engine's test file runs this same list. */
export const deadLettersContract = (engine: string, open: () => Promise<DeadLettersGround>): void => {
  const ground = async (): Promise<DeadLettersGround> => {
    const opened = await open();
    onTestFinished(() => opened.close());
    return opened;
  };
  const records = (count: number, key = 'k') => Array.from({ length: count }, (_, n) => ({ key, value: `${key}${n}` }));

  describe(`DeadLetters on ${engine}`, () => {
    it('are none at first', async () => {
      const { letters } = await ground();
      expect(await all(letters.read())).toEqual([]);
    });

    it('are all that was appended, by any number of appends, as it was appended', async () => {
      const { stream, letters } = await ground();
      await stream.append(topics.dead, records(700, 'a'));
      await stream.append(topics.webhooks, records(5, 'other'));
      for (const record of records(20, 'b')) await stream.append(topics.dead, [record]);
      const read = await all(letters.read());
      const valuesOf = (key: string) => read.filter((each) => each.key === key).map(({ value }) => value);
      expect(read).toHaveLength(720);
      expect(valuesOf('a')).toEqual(records(700, 'a').map(({ value }) => value));
      expect(valuesOf('b')).toEqual(records(20, 'b').map(({ value }) => value));
      expect(read[0]).toEqual({
        topic: topics.dead,
        partition: expect.any(Number) as number,
        offset: 0,
        key: expect.any(String) as string,
        value: expect.any(String) as string,
        at: expect.any(Number) as number,
      });
    });

    it('can be read again, from the beginning', async () => {
      const { stream, letters } = await ground();
      await stream.append(topics.dead, records(3));
      expect(await all(letters.read())).toEqual(await all(letters.read()));
      await stream.append(topics.dead, records(1, 'later'));
      expect(await all(letters.read())).toHaveLength(4);
    });

    it('end where they ended when they were asked for', async () => {
      const { stream, letters } = await ground();
      await stream.append(topics.dead, records(300));
      let read = 0;
      for await (const { value } of letters.read()) {
        read += 1;
        if (read <= 2) await stream.append(topics.dead, [{ key: 'again', value }]);
      }
      expect(read).toBe(300);
    });

    it('may be left early', async () => {
      const { stream, letters } = await ground();
      await stream.append(topics.dead, records(300));
      for await (const { value } of letters.read()) {
        expect(value).toBe('k0');
        break;
      }
      expect(await all(letters.read())).toHaveLength(300);
    });
  });
};
