import { describe, expect, it } from 'vitest';
import { lintSegments, otherCustomers, segmentOf } from '#shared/grading/statistics/rfm-segments.ts';
import { documentedSegments, testedSegments } from './rfm-definitions.ts';

describe('segmentOf', () => {
  it('gives the first segment that fits, or none', () => {
    expect(segmentOf({ recency: 5, frequency: 5, monetary: 5 }, documentedSegments)).toBe('Champions');
    expect(segmentOf({ recency: 3, frequency: 3, monetary: 3 }, documentedSegments)).toBe('Potential Loyalist');
    expect(segmentOf({ recency: 3, frequency: 3, monetary: 3 }, documentedSegments.toReversed())).toBe(
      'About To Sleep',
    );
    expect(segmentOf({ recency: 3, frequency: 1, monetary: 5 }, testedSegments)).toBe(otherCustomers);
  });
});

describe('lintSegments', () => {
  it('finds the segments of the package’s own tests that earlier ones take everybody from', () => {
    expect(lintSegments(testedSegments).unreachable).toEqual([
      { name: 'New Customers', takenBy: ['Potential Loyalist'] },
      { name: 'Promising', takenBy: ['Potential Loyalist'] },
      { name: "Can't Lose Them", takenBy: ['At Risk'] },
    ]);
  });

  it('finds every score that belongs to no segment, and no other', () => {
    for (const segments of [testedSegments, documentedSegments]) {
      const { gaps } = lintSegments(segments);
      const codes = new Set(gaps.map((scores) => JSON.stringify(scores)));
      for (const recency of [1, 2, 3, 4, 5])
        for (const frequency of [1, 2, 3, 4, 5])
          for (const monetary of [1, 2, 3, 4, 5]) {
            const scores = { recency, frequency, monetary };
            expect(codes.has(JSON.stringify(scores))).toBe(segmentOf(scores, segments) === otherCustomers);
          }
    }
    expect(lintSegments(testedSegments).gaps).toContainEqual({ recency: 3, frequency: 1, monetary: 5 });
  });

  it('finds an empty box, and nothing wrong with boxes that share all scores out', () => {
    const all = { frequency: [1, 3], monetary: [1, 3] } as const;
    const [old, recent, none] = [
      { name: 'old', recency: [1, 1], ...all } as const,
      { name: 'recent', recency: [2, 3], ...all } as const,
      { name: 'none', recency: [3, 2], ...all } as const,
    ];
    expect(lintSegments([old, recent], 3)).toEqual({ unreachable: [], gaps: [] });
    expect(lintSegments([none, old, recent], 3).unreachable).toEqual([{ name: 'none', takenBy: [] }]);
  });
});
