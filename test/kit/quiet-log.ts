import type { Log } from '#shared/ports/log.ts';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** A log that keeps its lines to itself. */
export const quietLog = (): Log & { readonly lines: LogLine[] } => {
  const lines: LogLine[] = [];
  const keep =
    (level: LogLine['level']) =>
    (fields: Readonly<Record<string, unknown>>, message: string): void => {
      lines.push({ level, fields, message });
    };
  return { lines, info: keep('info'), warn: keep('warn'), error: keep('error') };
};
