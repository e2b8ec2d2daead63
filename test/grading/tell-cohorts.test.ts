import { describe, expect, it } from 'vitest';
import type { CohortMove } from '#shared/domain/cohort.ts';
import { type CustomerState, unknownCustomer } from '#shared/domain/customer-state.ts';
import { CustomerId, TenantId } from '#shared/domain/ids.ts';
import { tellCohorts } from '#shared/grading/tell-cohorts.ts';
import { keyOf, north } from '../contract/cohort-samples.ts';
import { hexOf } from '../contract/customer-states.ts';
import { specOf } from '../kit/hand-cohort.ts';

const customer = CustomerId.parse('account:shop:1');
const spec = specOf({ thresholds: ['0.5'] });

/** A customer of one cohort, as the newest commit left it. */
const ranked = (version: number, score: number, zone: number): CustomerState => ({
  ...unknownCustomer(TenantId.parse('acme'), customer, hexOf('key')),
  version,
  grades: {
    m: {
      ...{ grade: 'A', score, tags: {}, model: hexOf('m'), since: 1 },
      rank: { cohort: north, version: 1, key: keyOf('1', score), zone },
    },
  },
});

const told = (before: CustomerState, after: CustomerState): Pick<CohortMove, 'key' | 'zone'>[] =>
  tellCohorts(before, after, { at: 7, specOf: () => spec }).map(({ value }) => {
    const { key, zone } = (JSON.parse(value) as { data: CohortMove }).data;
    return { key, zone };
  });

describe('a cohort', () => {
  it('hears of another key, and of another zone, which older cuts may have given', () => {
    expect(told(ranked(1, 10, 0), ranked(2, 20, 0))).toEqual([{ key: keyOf('1', 20), zone: 0 }]);
    expect(told(ranked(1, 10, 0), ranked(2, 10, 1))).toEqual([{ key: keyOf('1', 10), zone: 1 }]);
  });

  it('hears nothing of a customer who stays where it was', () => {
    expect(told(ranked(1, 10, 0), ranked(2, 10, 0))).toEqual([]);
  });
});
