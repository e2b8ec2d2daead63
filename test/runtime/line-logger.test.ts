import { describe, expect, it } from 'vitest';
import { lineLogger } from '#shared/runtime/line-logger.ts';
import { createLogger } from '#shared/runtime/logger.ts';

const fields = { stage: 'grade-customers', offset: 7, token: 't', url: 'https://x', none: undefined };

const linesOf = (level: 'debug' | 'info' | 'warn' | 'error' | 'silent'): string[] => {
  const lines: string[] = [];
  const log = lineLogger({ level, write: (line) => lines.push(line), wallNow: () => 5 });
  log.info(fields, 'one');
  log.warn(fields, 'two');
  log.error(fields, 'three');
  return lines;
};

describe('lineLogger', () => {
  it('writes the lines that the other logger writes', () => {
    const others: string[] = [];
    const other = createLogger('regrade', { level: 'info', destination: { write: (line) => others.push(line) } });
    other.info(fields, 'one');
    other.warn(fields, 'two');
    other.error(fields, 'three');
    const read = (line: string): unknown => ({ ...(JSON.parse(line) as object), time: 5 });
    expect(linesOf('info').map(read)).toEqual(others.map(read));
    expect(linesOf('info').every((line) => line.endsWith('}\n'))).toBe(true);
  });

  it.each([
    ['debug', 3],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
    ['silent', 0],
  ] as const)('writes from level %s on', (level, lines) => {
    expect(linesOf(level)).toHaveLength(lines);
  });

  it('puts what is bound at the moment into every line', () => {
    let request = 'r-1';
    const lines: string[] = [];
    const log = lineLogger({
      level: 'info',
      write: (line) => lines.push(line),
      wallNow: () => 5,
      bound: () => ({ request }),
    });
    log.info({ stage: 's' }, 'one');
    request = 'r-2';
    log.warn({}, 'two');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { level: 30, time: 5, request: 'r-1', stage: 's', msg: 'one' },
      { level: 40, time: 5, request: 'r-2', msg: 'two' },
    ]);
  });

  it('never shows what stands under the name of a secret', () => {
    expect(linesOf('info').join('')).not.toMatch(/https:|"t"/);
  });
});
