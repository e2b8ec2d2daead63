import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Finding } from '../../cli/checkup.ts';
import { finding } from './finding.ts';

/** Servers give whole seconds, and an answer takes its time. */
const mostMs = 5_000;

/** Compares this machine's clock with the one that answers requests: begins now, and tells what the last answer showed. */
export const checkServerClock = (client: DynamoDBClient): (() => Finding) => {
  let offMs: number | undefined;
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const at = Date.parse(dateIn(answer.response));
      if (!Number.isNaN(at)) offMs = Date.now() - at;
      return answer;
    },
    { step: 'deserialize', name: 'readServerDate' },
  );
  return () => {
    if (offMs === undefined) return finding('clock:unknown');
    return finding(Math.abs(offMs) <= mostMs ? 'clock:fine' : 'clock:off', String(Math.round(offMs / 1_000)));
  };
};

const dateIn = (response: unknown): string => {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return '';
  const { headers } = response;
  return typeof headers === 'object' && headers !== null && 'date' in headers ? String(headers.date) : '';
};
