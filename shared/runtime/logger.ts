import pino, { type DestinationStream } from 'pino';
import type { Log } from '../ports/log.ts';

/** Names under which a secret could reach a log line by mistake. */
const redacted = ['authorization', 'secret', 'token', 'password', 'url', '*.authorization', '*.secret', '*.token', '*.password'];

export interface LogSettings {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly destination?: DestinationStream;
}

/** JSON lines for operators: ids and outcomes. Redaction happens here and nowhere else. */
export const createLogger = (name: string, { level, destination }: LogSettings): Log => {
  const options = { name, level, base: null, redact: { paths: redacted, censor: '[redacted]' } };
  const logger = destination === undefined ? pino(options) : pino(options, destination);
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
};
