import { describe, expect, it } from 'vitest';
import type { Attributes, Fact } from '#shared/domain/fact.ts';
import { compiled, instant, paid, profile } from './model-files.ts';
import { exampleFile, faultsIn } from './model-problems.ts';

const now = instant('2026-03-02T09:00:00+08:00');
const grade = (name: string, facts: readonly Fact[], attributes: Attributes = {}) =>
  compiled(exampleFile(name)).decide(profile(facts, attributes), now);
const order = (day: string, units: number, orderId: string): Fact => ({
  ...paid(`${day}T12:00:00+08:00`, units),
  fields: { orderId },
});
const customer = { lifecycle: 'customer' };

describe('a shipped example', () => {
  it.each(['existing-abc', 'prospect-intent', 'retail-rfm', 'pareto'])('runs as it is written: %s', (name) => {
    expect(faultsIn(exampleFile(name))).toEqual([]);
    expect(compiled(exampleFile(name)).model).toMatchObject({ id: name, version: 1 });
  });

  it('grades existing customers by amount while they are few, and by their segment', () => {
    const two = [order('2025-06-01', 400_000, '1'), order('2026-01-10', 200_000, '2')];
    expect(grade('existing-abc', two, customer)).toMatchObject({ score: 600_000, raw: 'A', effective: 'A' });
    expect(grade('existing-abc', two.slice(0, 1), customer)).toMatchObject({ raw: 'B', effective: 'B' });
    const late = [order('2025-04-01', 400_000, '1'), order('2025-06-10', 200_000, '2')];
    expect(grade('existing-abc', late, customer)).toMatchObject({ raw: 'A', effective: 'A' });
    expect(grade('existing-abc', late, { ...customer, customerType: 'individual' })).toMatchObject({
      raw: 'A',
      effective: 'C',
      guard: 'inactive',
    });
    expect(grade('existing-abc', two, { ...customer, manualGrade: 'C' })).toMatchObject({
      raw: 'A',
      effective: 'C',
      guard: 'manual',
    });
  });

  it('grades Pareto by amount while customers are few, and never above C what was refunded', () => {
    expect(grade('pareto', [order('2026-01-10', 500_000, '1')], customer)).toMatchObject({ effective: 'A' });
    const refund = { ...paid('2026-02-10T12:00:00+08:00', 600_000), type: 'invoice.refunded' };
    expect(grade('pareto', [order('2026-01-10', 500_000, '1'), refund], customer)).toMatchObject({ effective: 'C' });
  });

  it('grades a shop’s customers by recency and value', () => {
    const often = ['01-05', '01-20', '02-03', '02-10', '02-20', '02-25', '02-28'].map((day, i) =>
      order(`2026-${day}`, 400, `o${i}`),
    );
    expect(grade('retail-rfm', often)).toMatchObject({
      score: 100,
      effective: 'A',
      tags: { recency: '5', frequency: '5', monetary: '5' },
    });
    expect(grade('retail-rfm', [order('2026-02-27', 30, '1')])).toMatchObject({ effective: 'B' });
    expect(grade('retail-rfm', [order('2025-05-01', 30, '1')])).toMatchObject({ effective: 'D' });
    expect(grade('retail-rfm', [])).toMatchObject({ effective: 'NEW', guard: 'unsold' });
  });
});
