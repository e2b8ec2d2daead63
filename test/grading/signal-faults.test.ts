import { describe, expect, it } from 'vitest';
import { smallModel } from './model-files.ts';
import { expectFault, faultsIn } from './model-problems.ts';

const sales = { from: { events: ['invoice.paid'] }, value: { path: 'amount' }, agg: 'sum' };
const withSales = (changes: object) => smallModel({ signals: { sales: { ...sales, ...changes } } });
const bgnbd = { unit: 'week', r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
const fitted = (from: object, more = {}) => smallModel({ signals: { sales: { from, ...more } } });
const alive = { model: 'bgnbd.alive', params: { variant: 'bgnbd', ...bgnbd } };

describe('a signal', () => {
  it.each([
    ['a fitted chance to be alive', alive],
    ['one over other purchases', { ...alive, events: ['order.paid', 'invoice.paid'] }],
    ['expected purchases', { ...alive, model: 'bgnbd.expected', horizon: 'P52W' }],
    ['a mean amount', { model: 'gammagamma.mean', params: { p: 6.25, q: 3.74, gamma: 15.44 } }],
    [
      'a logistic regression',
      { model: 'logistic', params: { intercept: -1, features: { size: { weight: 1, typical: 3 } } } },
    ],
    [
      'a naive Bayes table',
      { model: 'naiveBayes', params: { stages: [{ stage: 'new', won: 1, lost: 2 }], variables: {} } },
    ],
  ])('may come from %s', (_what, from) => {
    expect(faultsIn(fitted(from))).toEqual([]);
  });

  it.each([
    [
      'an unknown key deep inside',
      withSales({ from: { events: ['invoice.paid'], wher: {} } }),
      'signals.sales.from.wher: unknown key "wher" | wher: {}',
    ],
    [
      'window and decay together',
      withSales({ window: { last: 'P30D' }, decay: { halfLife: 'P30D' } }),
      'signals.sales.decay: window and decay together are not possible: choose one | decay:',
    ],
    [
      'a duration that is none',
      withSales({ window: { last: '30 days' } }),
      'signals.sales.window.last: a duration is written in ISO 8601, e.g. P30D, P3M, P1Y or PT12H | last: 30 days',
    ],
    [
      'a duration of nothing',
      withSales({ window: { last: 'P0D' } }),
      'signals.sales.window.last: a duration of zero covers nothing | last: P0D',
    ],
    [
      'months to the millisecond',
      withSales({ window: { last: 'P1M' } }),
      'signals.sales.window: months and years follow the calendar: add align: day, or write days | window:',
    ],
    [
      'hours in a window of days',
      withSales({ window: { last: 'PT5H', align: 'day' } }),
      'signals.sales.window: a window aligned to the day covers whole days, e.g. P30D or P3M | window:',
    ],
    [
      'days in a window of weeks',
      withSales({ window: { last: 'P10D', align: 'week' } }),
      'signals.sales.window: a window aligned to the week covers whole weeks, e.g. P4W | window:',
    ],
    [
      'days in a window of months',
      withSales({ window: { last: 'P10D', align: 'month' } }),
      'signals.sales.window: a window aligned to the month covers whole months, e.g. P3M | window:',
    ],
    [
      'an event signal without agg',
      withSales({ agg: undefined }),
      'signals.sales: an event signal needs agg, e.g. agg: sum | sales:',
    ],
    [
      'a sum of nothing',
      withSales({ value: undefined }),
      'signals.sales: agg sum needs a value, e.g. value: { path: amount } | sales:',
    ],
    [
      'a count that names a value',
      withSales({ agg: 'count' }),
      'signals.sales.value: agg count reads no value; remove it or use agg: sum | value:',
    ],
    [
      'a value path that leads nowhere',
      withSales({ value: { path: 'fields.' } }),
      'signals.sales.value.path: a value is read from amount, or from fields.<name> | path: fields.',
    ],
    [
      'a sign of an event that is not read',
      withSales({ value: { path: 'amount', sign: { 'call.made': -1 } } }),
      'signals.sales.value.sign["call.made"]: call.made is not among the events of this signal | call.made: -1',
    ],
    [
      'points of an event that is not read',
      withSales({ value: { perEvent: { 'invoice.paid': 1, 'call.made': 2 } } }),
      'signals.sales.value.perEvent["call.made"]: call.made is not among the events of this signal | call.made: 2',
    ],
    [
      'an event without its points',
      withSales({ from: { events: ['invoice.paid', 'call.made'] }, value: { perEvent: { 'invoice.paid': 1 } } }),
      'signals.sales.value.perEvent: say how many points call.made gives | perEvent:',
    ],
    [
      'points without a sum',
      withSales({ agg: 'max', value: { perEvent: { 'invoice.paid': 1 } } }),
      'signals.sales.value: points per event go with agg: sum, not max | value:',
    ],
    [
      'an event named twice',
      withSales({ from: { events: ['invoice.paid', 'invoice.paid'] } }),
      'signals.sales.from.events[1]: invoice.paid is named twice | - invoice.paid',
    ],
    [
      'the latest of distinct facts of an average',
      withSales({ agg: 'avg', from: { events: ['invoice.paid'], distinctBy: 'orderId' } }),
      'signals.sales.from.distinctBy: distinctBy goes with agg: sum or count | distinctBy: orderId',
    ],
    [
      'text compared inside where',
      withSales({ from: { events: ['invoice.paid'], where: { gt: [{ field: 'size' }, 'big'] } } }),
      'signals.sales.from.where.gt[1]: gt compares numbers; "big" is none | - big',
    ],
    [
      'a decayed average',
      withSales({ agg: 'avg', decay: { halfLife: 'P1D' } }),
      'signals.sales.decay: decay goes with agg: sum or count | decay:',
    ],
    [
      'a half-life in months',
      withSales({ decay: { halfLife: 'P1M' } }),
      'signals.sales.decay: a half-life is a fixed time: write days, e.g. P30D instead of P1M | decay:',
    ],
    [
      'a window on an attribute',
      smallModel({ signals: { sales: { from: { attribute: 'a' }, window: { last: 'P1D' } } } }),
      'signals.sales.window: window belongs to signals from events; an attribute is taken as it is | window:',
    ],
    [
      'an aggregation of a fitted value',
      fitted(alive, { agg: 'sum' }),
      "signals.sales.agg: agg belongs to signals from events; a fitted model's value is taken as it is | agg: sum",
    ],
    [
      'a fitted model nobody knows',
      fitted({ model: 'clvv', params: {} }),
      'signals.sales.from.model: model is one of bgnbd.alive, bgnbd.expected, mbgnbd.alive, mbgnbd.expected, gammagamma.mean, clv, logistic, naiveBayes | model: clvv',
    ],
    [
      'parameters of another model',
      fitted({ ...alive, params: { variant: 'mbgnbd', ...bgnbd } }),
      'signals.sales.from.params.variant: must be bgnbd, found "mbgnbd" | variant: mbgnbd',
    ],
    [
      'expectations without a horizon',
      fitted({ ...alive, model: 'bgnbd.expected' }),
      'signals.sales.from.horizon: "horizon" is missing | from:',
    ],
    [
      'a horizon in months',
      fitted({ ...alive, model: 'bgnbd.expected', horizon: 'P12M' }),
      'signals.sales.from.horizon: a horizon is a fixed time: write days or weeks, e.g. P365D | horizon: P12M',
    ],
    [
      'a purchase named twice',
      fitted({ ...alive, events: ['invoice.paid', 'invoice.paid'] }),
      'signals.sales.from.events[1]: invoice.paid is named twice | - invoice.paid',
    ],
  ])('is refused for %s, saying where and why', (_what, file, expected) => {
    expectFault(file, expected);
  });
});
