import { execFile, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { chinese as inChinese, readmeTable } from '#infra/aws/cost/readme-table.ts';
import { startZohoStandIn } from '#infra/demo/zoho-stand-in/start-zoho-stand-in.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import { assembleWorkspace } from './assemble-workspace.ts';
import { followPage, type Step } from './follow-page.ts';
import { readMarkdown, withoutComments } from './markdown.ts';
import { isAsShown } from './shown-output.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = (['en', 'zh'] as const).map((language) => {
  const file = join(root, { en: 'README.md', zh: 'infra/docs/README.zh-CN.md' }[language]);
  const locale = { en: 'C.UTF-8', zh: 'zh_CN.UTF-8' }[language];
  return { language, locale, file, ...readMarkdown(readFileSync(file, 'utf8')) };
});
type ReadPage = (typeof pages)[number];
const [english, chinese] = pages as [ReadPage, ReadPage];

/** A page that is there in both languages is one target. */
const targetsOf = ({ file, links }: ReadPage): string[] =>
  links
    .map((link) => (/^https?:/.test(link) ? link : relative(root, resolve(dirname(file), link))))
    .filter((link) => !/README(\.zh-CN)?\.md$/.test(link))
    .map((link) => link.replace(/\.zh\.md$/, '.md'));

describe('the README', () => {
  it('says the same in both languages: sections, tables, links and code', () => {
    expect(chinese.headings).toEqual(english.headings);
    expect(chinese.tableRows).toBe(english.tableRows);
    expect(targetsOf(chinese)).toEqual(targetsOf(english));
    const code = ({ blocks }: ReadPage) =>
      // what a command shows is in the reader's language, and compared with what it writes
      blocks.map((block) => ({ ...block, line: 0, text: block.mark === 'shows' ? '' : withoutComments(block) }));
    expect(code(chinese)).toEqual(code(english));
  });

  it.each(pages)('leads somewhere with every link ($language)', ({ file, links }) => {
    const relatives = links.filter((link) => !/^https?:/.test(link));
    expect(relatives.length).toBeGreaterThan(20);
    expect(relatives.filter((link) => !existsSync(resolve(dirname(file), link)))).toEqual([]);
  });

  it('shows what a month on AWS costs as it is reckoned', () => {
    expect(readFileSync(english.file, 'utf8')).toContain(readmeTable());
    expect(readFileSync(chinese.file, 'utf8')).toContain(readmeTable(inChinese));
  });

  it('has no shell line with a slip of the pen', () => {
    const shells = english.blocks.filter(({ language }) => language === 'sh');
    for (const { text, line } of shells)
      expect(spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' }), `line ${line}`).toMatchObject({
        status: 0,
        stderr: '',
      });
  });

  it.each(pages)('has settings, models and rules that pass the check ($language)', async ({ language, blocks }) => {
    const yaml = blocks.filter((block) => block.language === 'yaml');
    expect(yaml.filter(({ mark }) => mark !== 'checked')).toEqual([]);
    const loading = await assembleWorkspace(
      temporaryFolder(),
      language,
      yaml.map(({ text }) => text),
    );
    // the page says itself that places change with time
    expect(loading).toMatchObject({ outcome: 'loaded', warnings: [{ path: 'cutoffs.method' }] });
  });

  it('shows what its commands write, in either language', { timeout: 90_000 }, async () => {
    const folders = pages.map(() => temporaryFolder());
    const follow = async ({ blocks, locale }: ReadPage, folder: string): Promise<void> => {
      const steps = await followPage(
        blocks.filter(({ mark }) => mark === 'run'),
        { folder, locale },
      );
      expect(steps.length).toBeGreaterThan(5);
      for (const block of blocks.filter(({ mark }) => mark === 'shows')) expectShown(block, steps);
    };
    await Promise.all(pages.map((page, index) => follow(page, folders[index] ?? '')));
  });

  it('subscribes to Zoho with the call it gives', async () => {
    const client = { clientId: 'an-id', clientSecret: 'a-secret', refreshToken: 'a-token' };
    const standIn = await startZohoStandIn({ client });
    onTestFinished(() => standIn.stop());
    const [block] = english.blocks.filter(({ mark }) => mark === 'run against the stand-in');
    const text = block?.text.replaceAll(/https:\/\/[a-z]+\.zoho(apis)?\.eu/g, standIn.url) ?? '';
    const { stdout } = await promisify(execFile)('bash', ['-ec', text], {
      env: {
        PATH: process.env['PATH'] ?? '',
        ZOHO_CLIENT_ID: client.clientId,
        ZOHO_CLIENT_SECRET: client.clientSecret,
        ZOHO_REFRESH_TOKEN: client.refreshToken,
        ZOHO_CHANNEL_TOKEN: 'a'.repeat(40),
        ZOHO_PATH_SECRET: 'b'.repeat(48),
      },
    });
    const { watch } = JSON.parse(stdout) as Subscribed;
    expect(watch).toMatchObject([{ status: 'success' }]);
    const expiry = watch[0]?.details.events[0]?.channel_expiry ?? '';
    // a channel that was asked for longer than it may live gets one hour
    expect(Date.parse(expiry) - Date.now()).toBeGreaterThan(5 * 86_400_000);
  });

  it('names a command that npx finds from a folder below a checkout, without asking a registry', {
    timeout: 60_000,
  }, async () => {
    const checkout = temporaryFolder();
    copyFileSync(join(root, 'package.json'), join(checkout, 'package.json'));
    for (const name of ['infra', 'shared', 'functions', 'node_modules'])
      symlinkSync(join(root, name), join(checkout, name));
    mkdirSync(join(checkout, 'acme'));
    const { stdout } = await promisify(execFile)('npx', ['regrade', '--help'], {
      cwd: join(checkout, 'acme'),
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: checkout,
        LANG: 'C.UTF-8',
        npm_config_cache: join(checkout, 'cache'),
        npm_config_offline: 'true',
      },
    });
    expect(stdout).toContain('Usage: regrade');
  });
});

interface Subscribed {
  readonly watch: readonly {
    readonly status: string;
    readonly details: { readonly events: readonly { readonly channel_expiry: string }[] };
  }[];
}

/** By what the nearest step above it wrote. */
const expectShown = (block: ReadPage['blocks'][number], steps: readonly Step[]): void => {
  const step = steps.findLast((each) => each.block.line < block.line);
  if (step !== undefined && isAsShown(block.text, step.written)) return;
  expect(step?.written, `the block of line ${block.line}`).toBe(block.text);
};
