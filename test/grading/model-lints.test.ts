import { describe, expect, it } from 'vitest';
import { parseSource } from '#infra/node/workspace/source-file.ts';
import { Model } from '#shared/grading/model.ts';
import { lintModel } from '#shared/grading/model-lints.ts';
import { smallModel } from './model-files.ts';
import { exampleText, lintsIn } from './model-problems.ts';

const paid = { events: ['invoice.paid'] };
const sum = { from: paid, value: { path: 'amount' }, agg: 'sum' };
const size = { from: { attribute: 'size' }, missing: { value: 0 } };
const alive = (variant: string) => ({
  from: { model: `${variant}.alive`, params: { variant, unit: 'week', r: 1, alpha: 1, a: 1, b: 1 } },
});
const days = { from: paid, agg: 'daysSinceLast' };
const lt = (signal: string, limit: number) => ({ lt: [{ signal }, limit] });
const guard = (id: string, when: unknown, then: unknown = { cap: 'B' }) => ({ id, when, then });
const cap = (...whens: unknown[]) =>
  smallModel({ guards: whens.map((when, i) => guard(`g${i}`, when)), signals: { sales: sum } });
const rank = (changes = {}, more = {}) =>
  smallModel({
    signals: { sales: sum },
    cutoffs: { method: 'rank', upTo: { A: 0.2, B: 0.5 }, ...changes },
    ...more,
  });
const weighed = (signal: object, scale: object, more = {}) =>
  smallModel({
    signals: { s: signal },
    score: { combine: 'weightedSum', groups: { all: { factors: [{ signal: 's', weight: 100, scale }] } } },
    cutoffs: { method: 'rank', upTo: { A: 0.2, B: 0.5 } },
    ...more,
  });
const bandsBelow = { bandsBelow: [[30, 1]], else: 0 };
const sized = (tags: object, more = {}) =>
  weighed(size, bandsBelow, { tags, cutoffs: { method: 'absolute', atLeast: { A: 80, B: 40 } }, ...more });
const bands = (on: object, ge: unknown, more = {}) => ({ t: { bands: { on, ge, else: 'none', ...more } } });
const when = { exists: { field: 'kind' } };
const segment = (set: object, more = {}) => rank({}, { segments: [{ id: 's', when, set }], ...more });

describe('lintModel', () => {
  it('is silent about models that leave nothing to say', () => {
    const [absolute, ranked, shared] = [
      smallModel(),
      rank({}, { signals: { sales: { ...sum, decay: { halfLife: 'P30D' } } } }),
      rank({ method: 'share' }),
    ];
    for (const file of [absolute, ranked, shared, exampleText('retail-rfm')]) expect(lintsIn(file)).toEqual([]);
  });

  it.each([
    [
      'a guard behind the same one',
      cap(lt('sales', 5), lt('sales', 5)),
      'guards[1]: never reached: whenever it holds, g0 before it does; move it up or remove it | - id: g1',
    ],
    [
      'a guard behind a weaker one',
      cap(lt('sales', 9), { all: [lt('sales', 5), when] }),
      'guards[1]: never reached: whenever it holds, g0',
    ],
    [
      'a segment behind another',
      smallModel({ segments: ['a', 'b'].map((id) => ({ id, when, set: {} })) }),
      'segments[1]: never reached: whenever it holds, a before it does; move it up or remove it | - id: b',
    ],
    [
      'an order that moves with a window',
      rank({}, { signals: { sales: { ...sum, window: { last: 'P30D' } } } }),
      'cutoffs.method: places change although nothing happens, because sales does: each time a fact ceases to count, or at midnight, customers are ranked again | method: rank',
    ],
    [
      'an order that moves at midnight',
      weighed(days, bandsBelow),
      'cutoffs.method: places change although nothing happens, because s does',
    ],
    [
      'an order by a fitted chance that moves at midnight',
      rank({}, { signals: { sales: alive('mbgnbd') } }),
      'cutoffs.method: places change although nothing happens, because sales does',
    ],
    [
      'a tie-break that moves',
      rank(
        { tieBreak: [{ signal: 'recent', dir: 'desc' }, 'id'] },
        { signals: { sales: sum, recent: { from: paid, agg: 'count', window: { last: 'P9D' } } } },
      ),
      'cutoffs.method: places change although nothing happens, because recent does',
    ],
    [
      'a tie-break without an end',
      rank({ tieBreak: [{ signal: 'sales', dir: 'asc' }] }),
      'cutoffs.tieBreak: customers may still be equal after these: end with id, which tells any two apart | tieBreak:',
    ],
    [
      'an exit beyond the next grade',
      rank({}, { stability: { hysteresis: { unit: 'rank', down: 0.3 } } }),
      'stability.hysteresis.down: the exit of A lies at 0.5, beyond all of B, which ends at 0.5: whoever leaves A skips B; make down smaller | down: 0.3',
    ],
    [
      'an entrance inside the better grade',
      smallModel({ stability: { hysteresis: { unit: 'relative', up: 1.2 } } }),
      'stability.hysteresis.up: the entrance of B lies at 110, inside A, which begins at 100; make up smaller | up: 1.2',
    ],
    [
      'an exit in points beyond the next grade',
      smallModel({ stability: { hysteresis: { unit: 'score', down: 60 } } }),
      'stability.hysteresis.down: the exit of A lies at 40, beyond all of B, which ends at 50',
    ],
    [
      'a cap that is never reached',
      smallModel({
        signals: { sales: sum },
        score: {
          combine: 'weightedSum',
          groups: { all: { cap: 120, factors: [{ signal: 'sales', weight: 100, scale: { saturate: { half: 5 } } }] } },
        },
        cutoffs: { method: 'absolute', atLeast: { A: 80, B: 40 } },
      }),
      'score.groups.all.cap: the factors give 100 points at most: a cap of 120 is never reached | cap: 120',
    ],
    [
      'a cut-off that is never reached',
      sized({}, { cutoffs: { method: 'absolute', atLeast: { A: 120, B: 40 } } }),
      'cutoffs.atLeast.A: never reached: the limit is 120, the most there can be is 100 | A: 120',
    ],
    [
      'a cut-off that everybody reaches',
      sized({}, { cutoffs: { method: 'absolute', atLeast: { A: 50, B: 0 } } }),
      'cutoffs.atLeast.B: nothing lies below 0, the least there can be is 0: what comes after is never reached | B: 0',
    ],
    [
      'a band beyond what there can be',
      sized(
        bands({ coverage: 'all' }, [
          [2, 'full'],
          [0.5, 'half'],
        ]),
      ),
      'tags.t.bands.ge[0]: never reached: the limit is 2, the most there can be is 1 | - - 2',
    ],
    [
      'a row beyond what there can be',
      sized({
        t: {
          matrix: {
            rows: { group: 'all', ge: [[101, 'A']], else: 'B' },
            cols: { group: 'all', ge: [[5, 1]], else: 2 },
          },
        },
      }),
      'tags.t.matrix.rows.ge[0]: never reached: the limit is 101, the most there can be is 100 | - - 101',
    ],
    [
      'a limit between two bands of one name',
      sized(
        bands({ signal: 's' }, [
          [9, 'big'],
          [5, 'big'],
        ]),
      ),
      'tags.t.bands.ge[0]: the next band says big too: this limit divides nothing | - - 9',
    ],
    [
      'a limit before an else of the same name',
      sized(bands({ signal: 's' }, [[9, 'none']])),
      'tags.t.bands.ge[0]: the next band says none too',
    ],
    [
      'customers without a label',
      sized(bands({ field: 'size' }, [[9, 'big']])),
      'tags.t.bands: whoever it is unknown of gets no label: add missing, e.g. missing: unknown | bands:',
    ],
    [
      'a signal that nobody uses',
      smallModel({ signals: { sales: sum, more: size } }),
      'signals.more: nothing looks at more: use it in the score, a guard, a tie-break or a tag, or remove it | more:',
    ],
    [
      'a grade that no cell gives',
      weighed(size, bandsBelow, {
        cutoffs: {
          method: 'matrix',
          rows: { group: 'all', ge: [[50, 'A']], else: 'B' },
          cols: { group: 'all', ge: [[50, 1]], else: 2 },
          cells: { A1: 'A', A2: 'A', B1: 'B', B2: 'B' },
        },
      }),
      'cutoffs.cells: no cell gives C | cells:',
    ],
    [
      'a churn guard that never fires',
      smallModel({
        signals: {
          sales: sum,
          alive: alive('bgnbd'),
        },
        guards: [guard('gone', lt('alive', 0.2), { grade: 'X' })],
      }),
      'guards[0].when.lt[0].signal: BG/NBD takes everybody who bought once for alive: alive stays 1 for them for ever; use mbgnbd.alive, or days since the last purchase | - signal: alive',
    ],
    [
      'a baseline without a population',
      smallModel({ explain: { baseline: 'population' } }),
      'explain.baseline: without a snapshot of all customers points are told from zero: run `regrade fit population`, which writes population | baseline: population',
    ],
    [
      'other scores among all others',
      segment({ signals: { sales: { from: { events: ['order.paid'] } } } }),
      'segments[0].set.signals: these customers are scored in another way and still ranked with all others: write cutoffs into this segment too to rank them by themselves | signals:',
    ],
    [
      'a guard that a segment appends in vain',
      segment({ guards: { append: [guard('late', lt('sales', 1))] } }, { guards: [guard('early', lt('sales', 5))] }),
      'segments[0].set.guards.append[0]: never reached: whenever it holds, early before it does; move it up or remove it | - id: late',
    ],
    [
      'an order that moves in a segment alone',
      segment({ cutoffs: {}, signals: { sales: { window: { last: 'P30D' } } } }),
      'segments[0].set.cutoffs: with these settings, cutoffs.method: places change although nothing happens, because sales does',
    ],
  ])('remarks %s', (_what, file, expected) => {
    expect(lintsIn(file)).toContainEqual(expect.stringContaining(expected));
  });

  it('does not take a hold for a decision that lasts', () => {
    const hold = (then: object) =>
      smallModel({
        guards: [guard('manual', when, then), guard('late', { all: [when, lt('sales', 5)] })],
      });
    expect(lintsIn(hold({ hold: true, until: { field: 'end' } }))).toEqual([]);
    expect(lintsIn(hold({ hold: true }))).toHaveLength(1);
  });

  it('counts what a segment looks at as used', () => {
    const signals = { sales: sum, more: size };
    const guards = { append: [guard('g', lt('more', 5))] };
    expect(lintsIn(segment({ guards }, { signals }))).toEqual([]);
    expect(lintsIn(rank({}, { signals, segments: [{ id: 's', when: lt('more', 5), set: {} }] }))).toEqual([]);
    expect(lintsIn(segment({}, { signals }))).toHaveLength(1);
  });

  it('does not mind other scores where a segment is ranked by itself', () => {
    const signals = { sales: { from: { events: ['order.paid'] } } };
    expect(lintsIn(segment({ signals, cutoffs: {} }))).toEqual([]);
    expect(lintsIn(segment({ signals, partitions: ['region'] }))).toEqual([]);
  });

  it('says it in Chinese too', () => {
    expect(lintsIn(rank({ tieBreak: [] }), 'zh')).toEqual([
      'cutoffs.tieBreak: 按这些比较后客户仍可能相同：请以 id 结尾，它能区分任意两个客户 | tieBreak: []',
    ]);
  });

  it('points at the lines of the shipped examples', () => {
    const lines = (name: string) => {
      const read = parseSource(name, exampleText(name), 'en');
      if (!read.ok) throw new Error('unreadable');
      return lintModel(Model.parse(read.source.json)).map(({ path, message }) => {
        const { line, path: text } = read.source.place({ path, part: 'value', message: message.en });
        return `${line} ${text}`;
      });
    };
    expect(lines('existing-abc')).toEqual(['53 cutoffs.method', '31 signals.openComplaints']);
    expect(lines('prospect-intent')).toEqual(['80 explain.baseline']);
    expect(lines('pareto')).toEqual(['37 cutoffs.method']);
    expect(lines('retail-rfm')).toEqual([]);
  });
});
