import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { main } from '../../../infra/cli/main.ts';
import { openEngine } from '../../../infra/node/open-engine.ts';
import { openPopulation } from '../../../infra/node/open-population.ts';
import { loadModel } from '../../../infra/node/workspace/load-model.ts';
import type { Attributes, Fact } from '../../../shared/domain/fact.ts';
import { TenantId } from '../../../shared/domain/ids.ts';
import { decimalOf } from '../../../shared/grading/exact-sum.ts';
import { customerOf, stateOf } from '../../contract/customer-states.ts';
import { cdnowPurchases } from '../../grading/statistics/cdnow.ts';
import { handClock } from '../../kit/hand-clock.ts';
import { type TemporaryWorkspace, temporaryWorkspace } from '../../node/workspace/temporary-workspace.ts';
import { fakeContext } from '../fake-context.ts';
import { parsed, type Ran } from './run-fit.ts';

const msPerDay = 86_400_000;

interface Stored {
  readonly id: string;
  readonly attributes: Attributes;
  /** Oldest first. */
  readonly facts: readonly Fact[];
}

/** A workspace with a real store, a record a customer. */
const storeOf = async (customers: readonly Stored[]): Promise<TemporaryWorkspace> => {
  const workspace = await temporaryWorkspace();
  const loading = await workspace.load();
  if (loading.outcome === 'faulty') throw new Error(JSON.stringify(loading.problems));
  const { loaded } = loading;
  const tenant = TenantId.parse(loaded.workspace.tenant);
  const folder = resolve(loaded.folder, loaded.workspace.data);
  const engine = openEngine({ folder, tenant, clock: handClock(0), onFatal: () => undefined });
  await engine.customers.commitAll(
    customers.map(({ id, attributes, facts }) => {
      const record = { version: { assignment: 1, source: 1, read: 1 }, retracted: false, attributes, facts };
      return {
        next: stateOf(customerOf(id), { tenant, records: new Map([['all', record]]), grades: {} }),
        entries: [],
      };
    }),
  );
  engine.close();
  return workspace;
};

/** The CDNOW sample; days are London's. */
const cdnowStore = (): Promise<TemporaryWorkspace> =>
  storeOf(
    [...cdnowPurchases()].map(([id, purchases]) => ({
      id,
      attributes: { lifecycle: 'customer' },
      facts: purchases
        .map(({ day, amount = decimalOf(0) }) => ({
          ...{ type: 'invoice.paid', at: day * msPerDay + msPerDay / 2 },
          amount: { ...amount, currency: 'GBP' },
        }))
        .sort((a, b) => a.at - b.at),
    })),
  );

const fit = async ({ file }: TemporaryWorkspace, argv: readonly string[]): Promise<Ran> => {
  const terminal = fakeContext({ openPopulation });
  const code = await main(['fit', ...argv, '--workspace', file], terminal.context);
  return { code, out: terminal.out, err: terminal.err };
};

describe('fit on a real store', () => {
  it('finds the published BG/NBD, and writes it into the model of the workspace', async () => {
    const workspace = await cdnowStore();
    const model = join(workspace.folder, 'models', 'existing-abc.yaml');
    const before = await readFile(model, 'utf8');
    const ran = await fit(workspace, ['bgnbd', '--as-of', '1997-09-30', '--model', model, '--write', '--json']);
    expect({ code: ran.code, err: ran.err }).toEqual({ code: 0, err: '' });
    const { params, written } = parsed(
      z.object({ params: z.record(z.string(), z.unknown()), written: z.string() }),
      ran,
    );
    expect(params).toMatchObject({ r: expect.closeTo(0.2426, 3) as number, b: expect.closeTo(2.426, 3) as number });
    expect(written).toBe(model);
    const loading = await loadModel(model, 'en');
    expect(loading).toMatchObject({
      outcome: 'loaded',
      model: { model: { signals: { alive: { from: { params } } } } },
    });
    const comments = (text: string): string[] => text.match(/#.*/g) ?? [];
    expect(comments(await readFile(model, 'utf8'))).toEqual(comments(before));

    // a second time it renews the parameters of the signals that are there
    const again = await fit(workspace, ['bgnbd', '--as-of', '1998-06-30', '--model', model, '--write']);
    expect(again.out).toMatch(/\n- +params: \{ variant: bgnbd, unit: week, r: 0\.2425/);
    expect((await readFile(model, 'utf8')).match(/bgnbd\.alive/g)).toHaveLength(1);
  });

  it('reads fields of facts before the outcome, and leaves out attributes, since it has only those of today', async () => {
    const leads = Array.from({ length: 200 }, (_, i): Stored => {
      const won = (i * 7) % 10 < (i % 2 === 0 ? 7 : 3);
      const at = i * msPerDay;
      return {
        id: `lead${i}`,
        attributes: { industry: won ? 'filled in after the sale' : 'unknown' },
        facts: [
          { type: 'form.submitted', at, fields: { channel: i % 2 === 0 ? 'fair' : 'web' } },
          { type: won ? 'deal.won' : 'deal.lost', at: at + 30 * msPerDay, fields: { note: won ? 'signed' : 'gone' } },
        ],
      };
    });
    const workspace = await storeOf(leads);
    const ran = await fit(workspace, ['naive-bayes', '--json']);
    const { features, leftOut } = parsed(
      z.object({ features: z.array(z.string()), leftOut: z.array(z.string()) }),
      ran,
    );
    expect({ features, leftOut }).toEqual({ features: ['channel'], leftOut: [] });
    const { out } = await fit(workspace, ['naive-bayes']);
    expect(out).toContain('The store keeps attributes as they are today, not as they were: they are left out.');
  });

  it('says what to do where there is no store yet', async () => {
    const { code, err } = await fit(await temporaryWorkspace(), ['rfm']);
    expect(code).toBe(1);
    expect(err).toContain('there is no store at');
  });
});
