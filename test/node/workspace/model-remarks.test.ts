import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type TemporaryWorkspace, temporaryWorkspace } from './temporary-workspace.ts';

const model = 'models/existing-abc.yaml';
const cutoffs = '  method: absolute\n  atLeast: { A: 50000, B: 10000 }';

/** What a check says, each with the text of the line it points at. */
const remarksOf = async (workspace: TemporaryWorkspace, language: 'en' | 'zh' = 'en') => {
  const loading = await workspace.load({ language });
  if (loading.outcome === 'faulty') throw new Error(JSON.stringify(loading.problems));
  const lines = (await readFile(join(workspace.folder, model), 'utf8')).split('\n');
  return loading.warnings.map(({ severity, line, path, message }) => ({
    severity,
    path,
    message,
    shown: (lines[line - 1] ?? '').trim(),
  }));
};

describe('a check of a model that works', () => {
  it('warns of what its author may not have meant, at its line and in the language asked for', async () => {
    const workspace = await temporaryWorkspace();
    await workspace.change(model, cutoffs, '  method: rank\n  upTo: { A: 0.2, B: 0.5 }\n  tieBreak: []');
    expect((await remarksOf(workspace)).map(({ severity, path, shown }) => ({ severity, path, shown }))).toEqual([
      { severity: 'warning', path: 'cutoffs.method', shown: 'method: rank' },
      { severity: 'warning', path: 'cutoffs.tieBreak', shown: 'tieBreak: []' },
    ]);
    const begin = async (language: 'en' | 'zh') =>
      (await remarksOf(workspace, language)).map(({ message }) => message.slice(0, 7));
    expect(await begin('en')).toEqual(['places ', 'custome']);
    expect(await begin('zh')).toEqual(['即使没有新业务', '按这些比较后客']);
  });

  it('warns of names that no connection delivers, wherever a segment or a hold asks for them', async () => {
    const workspace = await temporaryWorkspace();
    await workspace.change(
      model,
      '  - { id: contract, when: { eq: [{ field: strategicAccount }, true] }, then: { floor: B } }',
      `  - { id: kept, when: { eq: [{ field: strategicAccount }, true] }, then: { hold: true, until: { field: heldUntil } } }

segments:
  - id: shops
    when: { eq: [{ field: branchKind }, shop] }
    set:
      guards: { append: [{ id: far, when: { exists: { field: farAway } }, then: { cap: B } }] }
      signals:
        visits: { from: { events: [visit.paid] }, agg: count }
      cutoffs: { atLeast: { A: 9000, B: 900 } }`,
    );
    expect((await remarksOf(workspace)).map(({ path, shown }) => `${path} | ${shown.slice(0, 12)}`)).toEqual([
      'guards[4].then.until.field | - { id: kept',
      'segments[0].when.eq[0].field | when: { eq: ',
      'segments[0].set.guards.append[0].when.exists.field | guards: { ap',
      'segments[0].set.signals.visits | visits: { fr',
      'segments[0].set.signals.visits.from.events[0] | visits: { fr',
    ]);
  });
});
