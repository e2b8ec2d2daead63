import type { Log } from '../ports/log.ts';
import { censor, redacted } from './redacted.ts';

const levels = { debug: 20, info: 30, warn: 40, error: 50, silent: Number.POSITIVE_INFINITY } as const;

export interface LineLogSettings {
  readonly level: keyof typeof levels;
  /** Takes one line, with its end, and has it written when it returns. */
  readonly write: (line: string) => void;
  /** Wall clock. */
  readonly wallNow: () => number;
  /** Fields of every line at this moment. None where it is absent. */
  readonly bound?: () => Readonly<Record<string, unknown>>;
}

/**
 * The lines of `createLogger`, each written at once, and nothing more: for functions, which may be frozen after any answer
 * and start the faster the less they carry.
 */
export const lineLogger = ({ level, write, wallNow, bound = () => ({}) }: LineLogSettings): Log => {
  const at =
    (severity: 'info' | 'warn' | 'error') =>
    (fields: Readonly<Record<string, unknown>>, message: string): void => {
      if (levels[severity] < levels[level]) return;
      write(
        `${JSON.stringify({ level: levels[severity], time: wallNow(), ...bound(), ...fields, msg: message }, conceal)}\n`,
      );
    };
  return { info: at('info'), warn: at('warn'), error: at('error') };
};

const conceal = (field: string, value: unknown): unknown => {
  if (redacted.includes(field)) return censor;
  return typeof value === 'bigint' ? String(value) : value;
};
