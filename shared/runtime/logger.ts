import pino, { type DestinationStream } from 'pino';
import type { Log } from '../ports/log.ts';
import { censor, redacted } from './redacted.ts';

export interface LogSettings {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly destination?: DestinationStream;
}

/**
 * JSON lines for operators: ids and outcomes. Redacted as {@link lineLogger} does. Lines are written in blocks, at
 * the latest after half a second: one write call per webhook would cost more than the webhook.
 */
export const createLogger = (name: string, { level, destination }: LogSettings): Log => {
  const options = { name, level, base: null, redact: { paths: [...redacted], censor } };
  const logger = pino(options, destination ?? pino.destination({ sync: false, minLength: 4_096, periodicFlush: 500 }));
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
};
