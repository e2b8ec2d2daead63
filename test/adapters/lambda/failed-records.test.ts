import { describe, expect, it } from 'vitest';
import { answerFailed, throwFailed } from '#shared/adapters/lambda/failed-records.ts';

const none = { batchItemFailures: [] };
const one = { batchItemFailures: [{ itemIdentifier: { partition: 'regrade.events-0', offset: 7 } }] };

describe('failed records', () => {
  it('are listed in the answer where the event source mapping looks at it', () => {
    expect(answerFailed(one)).toEqual(one);
    expect(answerFailed(none)).toEqual(none);
  });

  it('fail the whole call where it does not, so that none of them counts as done', () => {
    expect(() => throwFailed(one)).toThrow(expect.objectContaining({ code: 'BATCH_FAILED', retryable: true }) as Error);
    expect(throwFailed(none)).toEqual(none);
  });
});
