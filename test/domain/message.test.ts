import { describe, expect, it } from 'vitest';
import { localDate, messageValues, renderText, Template, Texts, type Wording } from '../../shared/domain/message.ts';
import { change } from '../contract/action-samples.ts';

const wording = (language: 'zh' | 'en'): Wording => ({
  language,
  timezone: 'Asia/Shanghai',
  reasons: (_, spoken) => (spoken === 'zh' ? ['销售额下降', '没有会议'] : ['sales fell', 'no meeting']),
  link: ({ customer }) => `https://crm.example/${customer}`,
});

describe('texts of a playbook', () => {
  it('fills every placeholder in', () => {
    const values = messageValues(
      change(1, 'B', 'A', { next: { at: Date.parse('2026-03-31T17:00:00Z'), to: 'C' } }),
      wording('en'),
    );
    expect(
      renderText('{{name}} {{from}}→{{ to }} {{score}} {{next}} {{attributes.region}} {{customer}} {{link}}', values),
    ).toBe('ACME B→A 61.3 C on 2026-04-01 North account:zoho-eu:42 https://crm.example/account:zoho-eu:42');
    expect(renderText('{{reasons}}', values)).toBe('sales fell\nno meeting');
  });

  it('speaks the language of the company, dates in its zone', () => {
    const values = messageValues(
      change(1, 'B', 'A', { next: { at: Date.parse('2026-03-31T17:00:00Z'), to: null } }),
      wording('zh'),
    );
    expect(renderText('{{reasons}} {{next}}', values)).toBe('销售额下降\n没有会议 2026-04-01 变为未分级');
  });

  it('shows what is missing as a dash, and the id of a customer without a name', () => {
    const silent = { ...wording('en'), reasons: () => [], link: () => undefined };
    const values = messageValues(change(1, null, 'A', { attributes: {}, score: null }), silent);
    expect(renderText('{{name}} {{from}} {{score}} {{reasons}} {{next}} {{link}} {{attributes.region}}', values)).toBe(
      'account:zoho-eu:42 — — — — — —',
    );
  });

  it('never reads a value as a template', () => {
    const values = messageValues(change(1, 'B', 'A', { attributes: { name: '{{link}} $& $1' } }), wording('en'));
    expect(renderText('{{name}}!', values)).toBe('{{link}} $& $1!');
  });

  it('refuses an unknown placeholder by its name, with its path', () => {
    const { error } = Texts.safeParse({ zh: '{{name}}', en: 'Hello {{nam}}' });
    expect(error?.issues).toMatchObject([
      { path: ['en'], message: expect.stringContaining('{{nam}} is unknown') as string },
    ]);
  });

  it.each(['{{name', 'name}}', '{{attributes.}}', '{{#if name}}', '{{}}', ''])('refuses %j', (text) => {
    expect(Template.safeParse(text).success).toBe(false);
  });
});

describe('localDate', () => {
  it.each([
    ['2026-03-02T15:59:59Z', 0, '2026-03-02'],
    ['2026-03-02T16:00:00Z', 0, '2026-03-03'],
    ['2026-02-27T16:00:00Z', 1, '2026-03-01'],
    ['2026-12-31T15:00:00Z', 1, '2027-01-01'],
  ])('%s in Shanghai, %i days later, is %s', (at, days, date) => {
    expect(localDate(Date.parse(at), 'Asia/Shanghai', days)).toBe(date);
  });
});
