import { styleText } from 'node:util';
import type { Announcement } from '../../shared/domain/delivery.ts';
import { printable } from '../cli/print-table.ts';

export interface DemoTerminal {
  readonly write: (text: string) => void;
  /** True where lines can be coloured and drawn over. */
  readonly redraws: boolean;
}

export interface DemoScreen {
  /** Whole lines, at once. */
  say(text: string): void;
  /** One change, told with the next few; more than can be read are counted. */
  change(announcement: Announcement): void;
  /** The line at the bottom; where nothing can be drawn over it is printed now and then. */
  status(line: string): void;
  /** Tells what waits and takes the line at the bottom away. */
  close(): void;
}

export interface ScreenSettings {
  readonly terminal: DemoTerminal;
  readonly nameOf: (announcement: Announcement) => string;
  readonly timeOf: (announcement: Announcement) => string;
  readonly more: (count: number) => string;
}

/** How often changes are told, and how many at once. */
const paces = { redrawn: { everyMs: 500, lines: 6 }, printed: { everyMs: 5_000, lines: 12 } } as const;

const clearLine = '\r\u001b[2K';
/** Without wrapping a line that is too long is cut off, and drawing over it works. */
const unwrapped = (text: string): string => `\u001b[?7l${text}\u001b[?7h`;

/** What the demo shows: changes scroll by, the state of things stays at the bottom. */
export const demoScreen = ({ terminal, nameOf, timeOf, more }: ScreenSettings): DemoScreen => {
  const { write, redraws } = terminal;
  const { everyMs, lines } = redraws ? paces.redrawn : paces.printed;
  let pinned = '';
  let waiting: Announcement[] = [];
  const print = (text: string): void =>
    write(redraws && pinned !== '' ? `${clearLine}${text}${unwrapped(pinned)}` : text);
  const flush = (): void => {
    const shown = mostNotable(waiting, lines);
    const left = waiting.length - shown.length;
    waiting = [];
    const told = shown.map((change) => `${lineOf(change, { redraws, nameOf, timeOf })}\n`).join('');
    const rest = left === 0 ? '' : `${dim(more(left), redraws)}\n`;
    const state = redraws || pinned === '' ? '' : `${pinned}\n`;
    if (told !== '' || state !== '') print(`${told}${rest}${state}`);
  };
  const timer = setInterval(flush, everyMs);
  return {
    say: print,
    change: (announcement) => void waiting.push(announcement),
    status: (line) => {
      pinned = line;
      if (redraws) write(`${clearLine}${unwrapped(line)}`);
    },
    close: () => {
      clearInterval(timer);
      flush();
      if (redraws && pinned !== '') write(clearLine);
      pinned = '';
    },
  };
};

/** Those that somebody must hear of first: around the best grade, then real changes, then first grades. In order of arrival. */
const mostNotable = (changes: readonly Announcement[], count: number): readonly Announcement[] =>
  changes
    .map((change, index) => ({ change, index }))
    .sort((a, b) => weightOf(b.change) - weightOf(a.change) || a.index - b.index)
    .slice(0, count)
    .sort((a, b) => a.index - b.index)
    .map(({ change }) => change);

const weightOf = ({ from, to, direction }: Announcement): number =>
  direction === 'initial' ? 0 : from === 'A' || to === 'A' ? 2 : 1;

const lineOf = (
  change: Announcement,
  { redraws, nameOf, timeOf }: Pick<ScreenSettings, 'nameOf' | 'timeOf'> & { readonly redraws: boolean },
): string => {
  const grades = `${change.from ?? '·'} → ${change.to ?? '·'}`.padEnd(11);
  const coloured = redraws ? styleText(colours[change.direction], grades, { validateStream: false }) : grades;
  const [cause = '', reason = ''] = change.reasons;
  const why = printable([reason, cause].filter((text) => text !== '').join(' · '));
  const line = `${dim(timeOf(change), redraws)}  ${printable(nameOf(change)).padEnd(15)}  ${coloured}  ${why}`;
  return redraws ? unwrapped(line) : line;
};

const colours = { up: 'green', down: 'red', sideways: 'yellow', initial: 'gray', left: 'gray' } as const;

const dim = (text: string, redraws: boolean): string =>
  redraws ? styleText('gray', text, { validateStream: false }) : text;
