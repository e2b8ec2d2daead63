import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { demoScreen } from '#infra/demo/demo-screen.ts';
import type { Announcement } from '#shared/domain/delivery.ts';
import { CustomerId } from '#shared/domain/ids.ts';

const change = (id: string, from: string | null, to: string): Announcement => ({
  change: `account:zoho:${id}#1`,
  customer: CustomerId.parse(`account:zoho:${id}`),
  from,
  to,
  direction: from === null ? 'initial' : from < to ? 'down' : 'up',
  score: 1,
  model: { id: 'demo-gbp', version: 1, hash: 'h' },
  reasons: ['cause', 'reason'],
  tags: {},
  at: 0,
});

const screenOn = (redraws: boolean) => {
  let said = '';
  const write = (text: string): void => {
    said += text;
  };
  const screen = demoScreen({
    terminal: { write, redraws },
    nameOf: ({ customer }) => customer,
    timeOf: () => '2011-03-02 00:00',
    more: (count) => `and ${count} more`,
  });
  return { screen, said: () => said };
};

describe('demoScreen', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('tells a change with its time, customer, grades and reason', () => {
    const { screen, said } = screenOn(false);
    screen.change(change('1', 'B', 'A'));
    screen.close();
    expect(said()).toBe('2011-03-02 00:00  account:zoho:1   B → A        reason · cause\n');
  });

  it('shows at most twelve lines a second, the best customers first, and counts the rest', () => {
    const { screen, said } = screenOn(true);
    for (let index = 0; index < 50; index += 1) screen.change(change(String(index), null, 'C'));
    screen.change(change('99', 'A', 'B'));
    vi.advanceTimersByTime(1_000);
    const lines = said()
      .split('\n')
      .filter((line) => line.includes('2011'));
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)).toContain('account:zoho:99');
    expect(said()).toContain('and 45 more');
    screen.close();
  });

  it('writes nothing but plain lines where nothing can be drawn over', () => {
    const { screen, said } = screenOn(false);
    screen.status('half way');
    screen.change(change('1', 'A', 'C'));
    vi.advanceTimersByTime(5_000);
    screen.close();
    expect(said()).not.toContain('\u001b');
    expect(said()).toContain('half way\n');
  });

  it('keeps the state of things at the bottom of a terminal and takes it away at the end', () => {
    const { screen, said } = screenOn(true);
    screen.status('half way');
    screen.say('hello\n');
    expect(said().slice(said().indexOf('hello'))).toContain('half way');
    screen.close();
    expect(said().endsWith('\r\u001b[2K')).toBe(true);
  });

  it('lets no name control the terminal', () => {
    const { screen, said } = screenOn(false);
    screen.change({ ...change('1', 'A', 'B'), reasons: ['\u001b[31mred'] });
    screen.close();
    expect(said()).not.toContain('\u001b');
  });
});
