/** Written by the clock or by the content of a file: any other one will do. */
const passing: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['<instant>', /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g],
  ['<time>', /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g],
  ['<date>', /[A-Z][a-z]{2,8} \d{1,2}, \d{4}/g],
  ['<日期>', /\d{4}年\d{1,2}月\d{1,2}日/g],
];

const settled = (text: string): string =>
  passing
    .reduce((so, [name, pattern]) => so.replace(pattern, name), text)
    .replace(/[ \t]+$/gm, '')
    .trim();

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/**
 * Whether a command wrote what a page shows. Instants and dates may be others; `…` alone on a line stands for any lines,
 * inside a line for any text.
 */
export const isAsShown = (shown: string, written: string): boolean => {
  const lines = settled(shown)
    .split('\n')
    .map((line) => (line.trim() === '…' ? '(?:.*\\n)*?' : `${escaped(line).replaceAll('…', '.*?')}\\n`));
  return new RegExp(`^${lines.join('')}$`).test(`${settled(written)}\n`);
};
