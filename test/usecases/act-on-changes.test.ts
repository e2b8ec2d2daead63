import { describe, expect, it } from 'vitest';
import { memoryActionStore } from '../../shared/adapters/memory/action-store.ts';
import { type ChangeMessage, encodeChangeMessage } from '../../shared/domain/action.ts';
import { TenantId } from '../../shared/domain/ids.ts';
import type { ActionStore } from '../../shared/ports/action-store.ts';
import { noMetrics } from '../../shared/ports/metrics.ts';
import type { Received } from '../../shared/ports/stream.ts';
import { actOnChanges } from '../../shared/usecases/act-on-changes.ts';
import { acme, alertTo, change, day, hour, noon, other, policyOf, tenant } from '../contract/action-samples.ts';

const record = (value: string, offset = 0, at = noon): Received => ({
  topic: 'regrade.changes',
  partition: 0,
  offset,
  key: acme,
  value,
  at,
});
const changed = (...args: Parameters<typeof change>): ChangeMessage => ({ kind: 'grade.changed', ...change(...args) });
const received = (messages: readonly ChangeMessage[], at = noon) =>
  messages.map((message, offset) => record(encodeChangeMessage(message, at), offset, at));

const open = (actions: ActionStore = memoryActionStore(), rule: object = {}) => {
  const parked: string[] = [];
  const policy = policyOf([{ id: 'any', do: [alertTo('mail'), { writeGrade: { channel: 'grades' } }], ...rule }]);
  const acting = actOnChanges({
    tenant,
    actions,
    policy,
    clock: { wallNow: () => noon },
    park: async (_, reason) => void parked.push(reason),
    metrics: noMetrics,
  });
  const decide = async (batch: readonly Received[]) => (await acting.process(batch)).decided.map(({ id }) => id);
  return { actions, acting, parked, decide };
};

describe('acting on a batch of changes', () => {
  it('stores what the changes lead to and returns the new ids', async () => {
    const { actions, decide } = open();
    const ids = await decide(received([changed(1, 'B', 'A'), changed(1, 'C', 'B', { customer: other })]));
    const stored = await actions.findDeliveries(ids);
    expect(stored.map(({ customer, channel }) => [customer, channel])).toEqual([
      [acme, 'mail'],
      [acme, 'grades'],
      [other, 'mail'],
      [other, 'grades'],
    ]);
  });

  it('decides nothing when the batch comes again', async () => {
    const { actions, decide } = open();
    const batch = received([changed(1, 'B', 'A'), changed(2, 'A', 'C')]);
    const ids = await decide(batch);
    expect(ids).toHaveLength(4);
    expect(await decide(batch)).toEqual([]);
    expect(await actions.listDeliveries(acme, 99)).toHaveLength(4);
  });

  it('takes the append instant as now, and ends windows when they are due', async () => {
    const { actions, decide } = open(memoryActionStore(), { settle: { window: 'P1D' } });
    expect(await decide(received([changed(1, 'B', 'A', { by: 'timer', at: noon - 9 * day })], noon + hour))).toEqual(
      [],
    );
    expect(await actions.claimDue({ business: noon + day, wall: noon }, 9)).toEqual([]);
    const [due] = await actions.claimDue({ business: noon + day + hour, wall: noon }, 9);
    expect(due).toEqual({ customer: acme, asOf: noon + day + hour });
    expect(await decide(received([{ kind: 'action.due', tenant, ...due! }]))).toHaveLength(2);
    expect(await decide(received([{ kind: 'action.due', tenant, ...due! }]))).toEqual([]);
  });

  it('parks what it cannot read and goes on with the rest', async () => {
    const { decide, parked } = open();
    const foreign = encodeChangeMessage({ ...changed(1, 'B', 'A'), tenant: TenantId.parse('foreign') }, noon);
    const odd = encodeChangeMessage(changed(0, 'B', 'A'), noon);
    const good = received([changed(1, 'B', 'A')]);
    expect(await decide([record('{'), record('{}'), record(odd), record(foreign), ...good])).toHaveLength(2);
    expect(parked).toEqual([
      'not JSON',
      expect.stringContaining('not a CloudEvent'),
      expect.stringContaining('seq'),
      'tenant foreign is none of ours',
    ]);
  });

  it('fails the batch when a record cannot be parked', async () => {
    const actions = memoryActionStore();
    const policy = policyOf([{ id: 'any', do: [alertTo('mail')] }]);
    const park = async (): Promise<void> => Promise.reject(new Error('dead topic down'));
    const acting = actOnChanges({ tenant, actions, policy, clock: { wallNow: () => noon }, park, metrics: noMetrics });
    await expect(acting.process([record('{'), ...received([changed(1, 'B', 'A')])])).rejects.toThrow('dead topic down');
    expect(await actions.listDeliveries(acme, 9)).toEqual([]);
  });

  it('decides again on what another writer left, when it loses the race', async () => {
    const inner = memoryActionStore();
    const rival = open(inner);
    let raced = false;
    const actions: ActionStore = {
      ...inner,
      commitAll: async (commits, wallNow) => {
        if (!raced) {
          raced = true;
          await rival.decide(received([changed(1, 'B', 'A')]));
        }
        return inner.commitAll(commits, wallNow);
      },
    };
    const ids = await open(actions).decide(received([changed(1, 'B', 'A'), changed(2, 'A', 'C')]));
    expect(ids).toHaveLength(2);
    const stored = await inner.listDeliveries(acme, 99);
    expect(stored).toHaveLength(4);
    expect(stored.filter(({ channel }) => channel === 'mail').map(({ change: of }) => of)).toEqual([
      `${acme}#2`,
      `${acme}#1`,
    ]);
  });
});
