import { describe, expect, it } from 'vitest';
import { ConnectionId, TenantId } from '#shared/domain/ids.ts';
import type { Sighting } from '#shared/domain/record-item.ts';
import { foldSightings } from '#shared/usecases/record-items.ts';
import { trailOfResolved } from '#shared/usecases/trail-of-resolved.ts';

const tenant = TenantId.parse('default');
const goneAt = (id: string, read: number): Sighting => ({
  ...{ record: { connection: ConnectionId.parse('shop'), object: 'invoice', id }, read, delivery: `d-${read}` },
  kind: 'gone',
});

const told = (sightings: readonly Sighting[], lost: readonly string[] = []) => {
  const lines: unknown[] = [];
  const folded = foldSightings(tenant, new Map(), sightings);
  const from = sightings.map(({ delivery }) => `${delivery}/0`);
  trailOfResolved('resolve-records', { from, sightings, folded, lost: new Set(lost) }, (...line) => lines.push(line));
  return lines;
};

describe('trailOfResolved', () => {
  it('tells once per record what all that was heard of it led to', () => {
    expect(told([goneAt('1', 1), goneAt('2', 2), goneAt('1', 3)])).toEqual([
      ['resolve-records', ['d-1/0', 'd-3/0'], [], expect.any(String)],
      ['resolve-records', ['d-2/0'], [], expect.any(String)],
    ]);
  });

  it('says nothing of records whose turn comes again', () => {
    expect(told([goneAt('1', 1), goneAt('2', 2)], ['shop/invoice/1'])).toHaveLength(1);
  });
});
