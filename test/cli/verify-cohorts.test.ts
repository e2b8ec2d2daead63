import { describe, expect, it } from 'vitest';
import type { NodeReader } from '../../infra/cli/reader.ts';
import { CohortId } from '../../shared/domain/cohort.ts';
import { CustomerId } from '../../shared/domain/ids.ts';
import type { CohortAudit } from '../../shared/usecases/audit-cohort.ts';
import { headOf } from '../contract/cohort-samples.ts';
import { jsonOf, lookInto } from './look-into.ts';

const names = Array.from({ length: 101 }, (_, index) => CohortId.parse(`abc:1:${String(index).padStart(3, '0')}`));
const acme = CustomerId.parse('account:shop:42');
const exact: CohortAudit = { outcome: 'exact', members: 7 };

const drifted = (cohort: CohortId): CohortAudit => ({
  outcome: 'drifted',
  head: headOf(1),
  exact: { members: 9, worth: '0', cuts: [] },
  drifts: [
    { cohort, what: 'members', expected: '9', found: '8' },
    { cohort, what: 'inside', threshold: 1, expected: '5', found: '4' },
    { cohort, what: 'place', customer: acme, expected: 'k', found: 'l' },
  ],
});

const reading = (audit: (cohort: CohortId) => CohortAudit): Partial<NodeReader> => ({
  listCohorts: async (after = '0', limit) => {
    const end = Number(after) + limit;
    const cohorts = names.slice(Number(after), end).map((cohort) => ({ cohort, members: 7 }));
    return { cohorts, next: end < names.length ? String(end) : undefined };
  },
  auditCohort: async (cohort) => audit(cohort),
});

describe('verify --cohorts', () => {
  it('counts every cohort once', async () => {
    const counted: CohortId[] = [];
    const { code, out, err } = await lookInto(
      reading((cohort) => {
        counted.push(cohort);
        return exact;
      }),
      ['verify', '--cohorts'],
    );
    expect(counted).toEqual(names);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe('Counted 101 cohorts of 707 members.\nEvery cut is where the order of its members puts it.\n');
  });

  it('lists what is not what the rows say, and ends with 1', async () => {
    const reader = reading((cohort) => (cohort === names[3] ? drifted(cohort) : exact));
    const { code, out } = await lookInto(reader, ['verify', '--cohorts']);
    expect(code).toBe(1);
    expect(out).toMatch(/^Counted 101 cohorts of 709 members\.\n3 differences:\n/);
    expect(out).toMatch(/\n {2}abc:1:003 +members +9 +8\n {2}abc:1:003 +members inside, cut 2 +5 +4\n/);
    expect(out).toMatch(/place of account:shop:42 +k +l\n/);
    expect(out).not.toContain('Every cut');
  });

  it('counts a cohort again that moved meanwhile, and says which ones always did', async () => {
    const counts = new Map<CohortId, number>();
    const reader = reading((cohort) => {
      const count = (counts.get(cohort) ?? 0) + 1;
      counts.set(cohort, count);
      return cohort === names[0] || (cohort === names[1] && count < 3) ? { outcome: 'moved' } : exact;
    });
    const { code, out } = await lookInto(reader, ['verify', '--cohorts']);
    expect(code).toBe(0);
    expect(counts.get(names[0]!)).toBe(5);
    expect(out).toContain('Counted 100 cohorts of 700 members.\n');
    expect(out).toContain('try again when less is going on: abc:1:000\n');
  });

  it('tells how many are of models that are not in use, in Chinese as well', async () => {
    const reader = reading((cohort) => (cohort === names[0] ? { outcome: 'retired' } : exact));
    const { out } = await lookInto(reader, ['verify', '--cohorts'], 'zh');
    expect(out).toContain('共 700 个成员');
    expect(out).toContain('另有 1 个属于已停用的模型');
  });

  it('prints JSON for a program', async () => {
    const reader = reading((cohort) => (cohort === names[3] ? drifted(cohort) : exact));
    const { out } = await lookInto(reader, ['verify', '--cohorts', '--json']);
    expect(jsonOf(out)).toMatchObject({ cohorts: 101, members: 709, moved: [], retired: [], drifts: [{}, {}, {}] });
  });
});
