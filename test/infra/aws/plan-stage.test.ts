import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planStage } from '#infra/aws/plan-stage.ts';
import { temporaryFolder } from '../../kit/temporary-folder.ts';

/** A copy of an example and its workspace, to be spoilt. */
const copied = (example: string): { file: string; workspaceFile: string; edit: typeof edit } => {
  const folder = temporaryFolder();
  cpSync('infra/aws/config/examples', folder, { recursive: true });
  const edit = (path: string, from: string | RegExp, to: string): void => {
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(from);
    writeFileSync(path, text.replace(from, to));
  };
  return { file: join(folder, `${example}.yaml`), workspaceFile: join(folder, 'workspace', 'regrade.yaml'), edit };
};

const problemsOf = async (file: string): Promise<readonly string[]> => {
  const planning = await planStage(file);
  if (planning.outcome === 'planned') return [];
  return planning.problems.map(({ file: where, line, path, message, cure }) =>
    [where.split('/').at(-1), line > 1, path, message, cure].join(' | '),
  );
};

describe('planStage', () => {
  it('says of a stage what its stacks are made from', async () => {
    const planning = await planStage('examples/msk-iam');
    expect(planning).toMatchObject({
      outcome: 'planned',
      plan: { stageName: 'msk-iam', calls: { crm: true, channels: true }, stage: { region: 'us-east-1' } },
    });
  });

  it('plans the stage that is deployed where none is named', async () => {
    const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: { stage: string } };
    expect(await problemsOf(context.stage)).toEqual([]);
  });

  it('names the stages there are for one that is not there', async () => {
    const [problem] = await problemsOf('nowhere');
    expect(problem).toMatch(/nowhere\.yaml.*stages here: trial/);
  });

  it('names the key and the cure of a wrong choice', async () => {
    const { file, edit } = copied('msk-new');
    edit(file, /^region: .*$/m, 'region: nowhere');
    const [problem] = await problemsOf(file);
    expect(problem).toMatch(/^msk-new\.yaml \| true \| region \| .*write a region/);
  });

  it('tells what is wrong with the workspace', async () => {
    const { file, workspaceFile, edit } = copied('msk-new');
    edit(workspaceFile, /^currency: .*$/m, 'currency: gold');
    expect(await problemsOf(file)).toEqual([expect.stringMatching(/^regrade\.yaml \| true \| currency/)]);
  });

  it('refuses secrets in files, at their line and with what to write', async () => {
    const { file, workspaceFile, edit } = copied('msk-new');
    edit(workspaceFile, '{ env: SHOP_WEBHOOK_SECRET }', '{ file: secrets/signature }');
    expect(await problemsOf(file)).toEqual([
      expect.stringMatching(
        /^regrade\.yaml \| true \| (connections|channels)\.[^|]+ \| .*secrets\/signature \| write \{ env: \w+ \}/,
      ),
    ]);
  });

  it('refuses what cannot work together, for this workspace', async () => {
    const { file, edit } = copied('msk-new');
    edit(file, /^ {2}wayOut: .*$/m, '  wayOut: { kind: none }');
    const problems = await problemsOf(file);
    expect(problems.join('\n')).toMatch(/^msk-new\.yaml \| true \| network\.wayOut/m);
  });
});
