import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Survey } from '../../shared/grading/simulate/survey.ts';
import type { PopulationRequest } from '../cli/population.ts';
import type { RowRange } from './readers/survey-rows.ts';

/** What a thread is started with. */
export interface SurveyTask {
  readonly file: string;
  readonly range: RowRange;
  readonly request: PopulationRequest;
}

/** What a thread says. */
export type SurveySaid =
  | { readonly kind: 'done'; readonly customers: number }
  | { readonly kind: 'survey'; readonly survey: Survey };

/** More threads read the same file no faster, and each takes memory of its own. */
const mostThreads = 4;

/**
 * Asks everybody in a store from threads with read-only connections of their own. Each sees one moment of the store; between the
 * moments of two threads lies less than a second. Rejects with what made a thread fail.
 */
export const surveyInThreads = async (
  file: string,
  { tenant, last }: Pick<RowRange, 'tenant'> & { readonly last: number },
  request: PopulationRequest,
  done: (customers: number) => void,
): Promise<readonly Survey[]> => {
  const threads = Math.max(1, Math.min(mostThreads, availableParallelism()));
  const ends = Array.from({ length: threads }, (_, index) => Math.floor((last * (index + 1)) / threads));
  return Promise.all(
    ends.map((upTo, index) =>
      surveyInThread({ file, range: { tenant, after: ends[index - 1] ?? 0, upTo }, request }, done),
    ),
  );
};

const surveyInThread = (task: SurveyTask, done: (customers: number) => void): Promise<Survey> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./survey-worker.mjs', import.meta.url), { workerData: task, execArgv: [] });
    worker.on('message', (said: SurveySaid) => {
      if (said.kind === 'done') done(said.customers);
      else resolve(said.survey);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`a reading thread ended with ${code}`)));
  });
