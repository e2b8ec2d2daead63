import type { Invocation } from '../../shared/adapters/lambda/invocation.ts';
import { prepareFunction } from '../ground/prepare-function.ts';
import { wireTellAlarms } from './wire.ts';

const started = await prepareFunction();
const tell = wireTellAlarms(started);

/** Alarms of CloudWatch in, by way of SNS; told on a channel of the workspace. What was not told is thrown, and comes again. */
export const handler = async (event: unknown, invocation: Invocation): Promise<void> => {
  started.begin(invocation);
  await tell(event);
};
