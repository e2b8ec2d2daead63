import { describe, expect, it } from 'vitest';
import { runRound } from '#functions/keep-time/run-round.ts';
import { PipelineError } from '#shared/domain/pipeline-error.ts';
import { quietLog } from '../../kit/quiet-log.ts';

describe('runRound', () => {
  it('goes on after a step that fails, in order, and says which one', async () => {
    const log = quietLog();
    const done: string[] = [];
    await runRound(
      [
        ['first', async () => done.push('first')],
        ['second', () => Promise.reject(new PipelineError('STORE_UNAVAILABLE', 'away', { retryable: true }))],
        ['third', async () => done.push('third')],
      ],
      log,
    );
    expect(done).toEqual(['first', 'third']);
    expect(log.lines).toMatchObject([{ level: 'error', fields: { step: 'second', failure: 'STORE_UNAVAILABLE' } }]);
  });
});
