import { PipelineError } from '../../shared/domain/pipeline-error.ts';
import type { Rates } from '../../shared/domain/rates.ts';
import { readRates } from '../../shared/domain/read-rates.ts';
import type { CompiledWorkspace } from './compiled-workspace.ts';

/**
 * The rates of a compiled workspace; undefined where it names none.
 *
 * @throws {PipelineError} `CONFIG_INVALID` for a file that was named and is not there, or that has a fault.
 */
export const compiledRates = ({
  workspace,
  rates,
}: Pick<CompiledWorkspace, 'workspace' | 'rates'>): Rates | undefined => {
  if (workspace.rates === undefined) return undefined;
  const { file, maxAgeDays } = workspace.rates;
  const read = readRates(rates ?? '');
  if (read.ok) return { table: read.table, maxAgeDays, file };
  const [first] = read.faults;
  const detail = `${file}:${first?.line ?? 1}:${first?.column ?? 1}: ${first?.fault ?? 'no-header'}`;
  throw new PipelineError('CONFIG_INVALID', `the rates of the workspace cannot be used: ${detail}`, {
    retryable: false,
  });
};
