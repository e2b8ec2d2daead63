import { describe, expect, it } from 'vitest';
import { main } from '../../infra/cli/main.ts';
import { PipelineError } from '../../shared/domain/pipeline-error.ts';
import { temporaryWorkspace } from '../node/workspace/temporary-workspace.ts';
import { fakeContext } from './fake-context.ts';

const commands = ['init', 'check', 'start', 'explain', 'status', 'verify', 'schema', 'dead'];

const never = new Promise<never>(() => undefined);

describe('main', () => {
  it.each(commands)('helps with %s by examples', async (command) => {
    const terminal = fakeContext();
    expect(await main([command, '--help'], terminal.context)).toBe(0);
    expect(terminal.out).toContain(`Usage: regrade ${command}`);
    expect(terminal.out).toMatch(new RegExp(`Examples:\n {2}\\$ regrade ${command}`));
    expect(terminal.out).toContain('--workspace <file>');
  });

  it.each([
    ['init'],
    ['start'],
    ['worker'],
    ['dead', 'list'],
    ['dead', 'replay'],
    ['fit', 'naive-bayes'],
    ['fit', 'rfm'],
    ['cost'],
    ['publish'],
    ['hold'],
    ['topics', 'create'],
    ['secrets', 'set'],
  ])('keeps the names of its own options from %s %s', async (...command) => {
    const terminal = fakeContext();
    expect(await main([...command, '--help'], terminal.context)).toBe(0);
    for (const option of ['--stage', '--workspace', '--language'])
      expect(terminal.out.match(new RegExp(`${option} <`, 'g')), option).toHaveLength(1);
  });

  it('shows its help when nothing is asked', async () => {
    const terminal = fakeContext();
    expect(await main([], terminal.context)).toBe(0);
    for (const command of commands) expect(terminal.out).toContain(`  ${command}`);
  });

  it('helps in Chinese', async () => {
    const terminal = fakeContext({ language: 'zh' });
    expect(await main(['check', '--help'], terminal.context)).toBe(0);
    expect(terminal.out).toContain('用法： regrade check');
    expect(terminal.out).not.toMatch(/Options:|default|Examples/);
  });

  it.each([
    [['chek'], "regrade: unknown command 'chek' (Did you mean check?)\n    → See regrade --help\n"],
    [['check', '--jsn'], "regrade: unknown option '--jsn' (Did you mean --json?)\n    → See regrade check --help\n"],
    [['explain'], "regrade: missing required argument 'customer'\n    → See regrade explain --help\n"],
    [
      ['status', 'now'],
      "regrade: too many arguments for 'status'. Expected 0 arguments but got 1.\n    → See regrade status --help\n",
    ],
    [
      ['--language', 'fr', 'check'],
      "regrade: option '--language <language>' argument 'fr' is invalid. Allowed choices are en, zh.\n    → See regrade check --help\n",
    ],
  ])('ends with 2 where it does not understand %j', async (argv, err) => {
    const terminal = fakeContext();
    expect(await main(argv, terminal.context)).toBe(2);
    expect({ out: terminal.out, err: terminal.err }).toEqual({ out: '', err });
  });

  it('says in Chinese what it does not understand', async () => {
    const terminal = fakeContext({ language: 'zh' });
    expect(await main(['chek'], terminal.context)).toBe(2);
    expect(terminal.err).toBe('regrade: 没有这个命令：chek\n    → 请看 regrade --help\n');
  });

  it.each([
    [new PipelineError('STORE_CORRUPT', 'the store file is damaged', { retryable: false }), 'from a backup'],
    [Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' }), 'change listen.port'],
    [new Error('odd'), 'REGRADE_DEBUG=1'],
  ])('says what to do about %s, without a stack trace', async (error, cure) => {
    const workspace = await temporaryWorkspace();
    const terminal = fakeContext({ startNode: () => Promise.reject(error) });
    expect(await main(['start', '--workspace', workspace.file], terminal.context)).toBe(1);
    expect(terminal.err).toMatch(new RegExp(`^regrade: ${error.message}\n    → .*${cure}.*\n$`));
  });

  it('adds nothing to a failure that says itself what to do', async () => {
    const workspace = await temporaryWorkspace();
    const inUse = new PipelineError('STORE_IN_USE', 'in use: stop the other node first', { retryable: false });
    const terminal = fakeContext({ startNode: () => Promise.reject(inUse) });
    expect(await main(['start', '--workspace', workspace.file], terminal.context)).toBe(1);
    expect(terminal.err).toBe('regrade: in use: stop the other node first\n');
  });

  it('shows where it happened when asked to', async () => {
    const workspace = await temporaryWorkspace();
    const environment = { ...fakeContext().context.environment, REGRADE_DEBUG: '1' };
    const terminal = fakeContext({ environment, startNode: () => Promise.reject(new Error('odd')) });
    await main(['start', '--workspace', workspace.file], terminal.context);
    expect(terminal.err).toMatch(/at .*main\.test\.ts/);
  });

  it('starts the node with the loaded workspace, and stops it when asked to', async () => {
    const workspace = await temporaryWorkspace();
    const steps: string[] = [];
    const terminal = fakeContext({
      startNode: async ({ workspace: { tenant } }) => {
        steps.push(`started ${tenant}`);
        return { url: 'http://127.0.0.1:1', failed: never, stop: async () => void steps.push('stopped') };
      },
      stopRequested: async () => void steps.push('asked'),
    });
    expect(await main(['start', '--workspace', workspace.file], terminal.context)).toBe(0);
    expect(steps).toEqual(['started default', 'asked', 'stopped']);
    expect(terminal.err).toContain('Regrade listens on http://127.0.0.1:1');
  });

  it('stops a node that cannot go on, says why, and ends with 1', async () => {
    const workspace = await temporaryWorkspace();
    const steps: string[] = [];
    const full = new PipelineError('STORE_FULL', 'the disk is full', { retryable: false });
    const terminal = fakeContext({
      startNode: async () => ({
        url: 'http://127.0.0.1:1',
        failed: Promise.resolve(full),
        stop: async () => void steps.push('stopped'),
      }),
      stopRequested: () => never,
    });
    expect(await main(['start', '--workspace', workspace.file], terminal.context)).toBe(1);
    expect(steps).toEqual(['stopped']);
    expect(terminal.err).toContain('regrade: the disk is full\n    → free some space');
  });

  it('does not open the store of a workspace with mistakes', async () => {
    const workspace = await temporaryWorkspace();
    await workspace.change('regrade.yaml', 'language: en', 'language: fr');
    const terminal = fakeContext();
    expect(await main(['status', '--workspace', workspace.file], terminal.context)).toBe(1);
    expect(terminal.err).toContain('"fr" is not one of zh, en');
  });
});
