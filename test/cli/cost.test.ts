import { describe, expect, it } from 'vitest';
import { main } from '../../infra/cli/main.ts';
import type { Language } from '../../shared/domain/message.ts';
import { temporaryWorkspace } from '../node/workspace/temporary-workspace.ts';
import { fakeContext } from './fake-context.ts';
import { jsonOf } from './look-into.ts';

const volume = ['--webhooks-per-month', '1000000', '--customers', '100000'];

const run = async (args: readonly string[], language: Language = 'en') => {
  const terminal = fakeContext({ language });
  const code = await main(['cost', ...args], terminal.context);
  return { code, out: terminal.out, err: terminal.err };
};

/** A stage beside a workspace as `init` writes it: one that sends whole records, and absolute cut-offs. */
const stageFile = async (more = '') => {
  const workspace = await temporaryWorkspace();
  await workspace.write(
    'own.yaml',
    `apiVersion: regrade/v1\nkind: Stage\nworkspace: regrade.yaml\nregion: eu-west-1\nstream: { kind: msk-provisioned }\nnetwork: { kind: new }\n${more}`,
  );
  return `${workspace.folder}/own.yaml`;
};

describe('cost', () => {
  it('prints the bill by line with what it is while idle, what is not sure, and other ways', async () => {
    const { code, out, err } = await run(volume);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('A month on AWS in us-east-1: 1,000,000 webhooks, 100,000 customers\nWithout --stage:');
    expect(out).toContain('US dollars, as listed in 2026-11 for us-east-1');
    expect(out).toMatch(/pollers of the topics +730 h +0\.185 +\$135\.05 +\$135\.05\n/);
    expect(out).toMatch(/entry, an HTTP API +1 million +1 +\$1\.00 +\$0\.00\n/);
    expect(out).toMatch(/brokers kafka\.t3\.small .* not verified: not read in a price list\n/);
    expect(out).toMatch(/dashboard +1 +— +— +— +not priced: no figure is known, nothing is added\n/);
    expect(out).toMatch(/Total +\$\d+\.\d\d +\$\d+\.\d\d +without the 2 that have no price\n/);
    expect(out).toContain('Assumed: --webhook-kb 1 --changes-share 0.05');
    expect(out).toMatch(/one machine, no AWS +\$5\.00 +\$5\.00 +the cheapest whose price is whole: unless/);
  });

  it('speaks Chinese', async () => {
    const { code, out } = await run(volume, 'zh');
    expect(code).toBe(0);
    expect(out).toMatch(/主题的轮询器 +730 小时/);
    expect(out).toContain('同样用量的其他方式');
  });

  it('goes by a stage, and supposes what its workspace leads to', async () => {
    const file = await stageFile('entry: { kind: function-url }\n');
    const { code, out, err } = await run([...volume, '--stage', file]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('A month on AWS in eu-west-1');
    expect(out).not.toContain('Without --stage');
    expect(out).toMatch(/entry, a function URL .* list price of us-east-1, not verified for eu-west-1\n/);
    expect(out).toContain('--read-back-share 0 --ranked-share 0');
    const other = await run([...volume, '--stage', file, '--read-back-share', '0.5', '--region', 'us-east-1']);
    expect(other.out).toContain('A month on AWS in us-east-1');
    expect(other.out).toContain('--read-back-share 0.5 --ranked-share 0');
  });

  it('tells the faults of a stage and does not reckon', async () => {
    const { code, out, err } = await run([...volume, '--stage', await stageFile('entry: { kind: carrier-pigeon }\n')]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/own\.yaml:\d+:\d+: error: entry/);
  });

  it('says plainly that China has prices of its own, and gives the quantities', async () => {
    const { code, out } = await run([...volume, '--region', 'cn-north-1']);
    expect(code).toBe(0);
    expect(out).toContain('AWS bills cn-north-1 in CNY by a list of its own');
    expect(out).toMatch(/pollers of the topics +2,920 h +— +— +—\n/);
    expect(out).not.toContain('$');
  });

  it('gives a program everything', async () => {
    const { code, out } = await run([...volume, '--changes-share', '0.1', '--json']);
    expect(code).toBe(0);
    const json = jsonOf(out);
    expect(json).toMatchObject({
      ...{ webhooksPerMonth: 1e6, customers: 1e5, assumptions: { changesShare: 0.1, readBackShare: 1 } },
      prices: { month: '2026-11', region: 'us-east-1' },
      bill: { region: 'us-east-1', withoutKafka: false },
      alternatives: { cheapest: 'single-node', singleNode: { usd: 5 } },
    });
    expect(json).toHaveProperty('bill.lines.0', {
      ...{ kind: 'entry', of: 'http-api', item: 'http-api-request', quantity: 1, per: 'million' },
      ...{ price: 1, usd: 1, idleUsd: 0 },
    });
  });

  it.each([
    [['--customers', '5'], 'webhooks-per-month'],
    [['--webhooks-per-month', '-1', '--customers', '5'], 'write 0 or a positive number'],
    [[...volume, '--ranked-share', '2'], 'write a share from 0 to 1'],
    [[...volume, '--region', 'Frankfurt'], 'write a region, e.g. eu-central-1'],
  ])('does not understand %j', async (args, message) => {
    const { code, err } = await run(args);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain('See regrade cost --help');
  });
});
