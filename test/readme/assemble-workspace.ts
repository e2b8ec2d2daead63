import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { type Loading, loadWorkspace } from '#infra/node/workspace/load-workspace.ts';

type Members = Record<string, unknown>;

const templates = fileURLToPath(new URL('../../infra/cli/templates/', import.meta.url));

/** Which file a fragment goes into shows in its first member. */
const fileOf = (fragment: Members): string => {
  if ('rules' in fragment) return 'playbooks/default.yaml';
  if ('signals' in fragment || 'cutoffs' in fragment) return 'models/existing-abc.yaml';
  return 'regrade.yaml';
};

/** Puts fragments into a workspace as `init` writes it, and has it checked with every secret at hand. */
export const assembleWorkspace = (
  folder: string,
  language: 'en' | 'zh',
  fragments: readonly string[],
): Promise<Loading> => {
  cpSync(join(templates, language), folder, { recursive: true });
  for (const fragment of fragments) {
    const members = parse(fragment) as Members;
    const file = join(folder, fileOf(members));
    const before = parse(readFileSync(file, 'utf8')) as Members;
    writeFileSync(file, stringify(merged(before, members)));
  }
  const workspace = readFileSync(join(folder, 'regrade.yaml'), 'utf8');
  const names = [...workspace.matchAll(/env: (\w+)/g)].map((match) => match[1] ?? '');
  const environment = Object.fromEntries(names.map((name) => [name, 'a secret']));
  return loadWorkspace(join(folder, 'regrade.yaml'), { environment, language: 'en', starting: true });
};

/** Members side by side, lists one after the other; where both say something else the fragment wins. */
const merged = (before: unknown, after: unknown): unknown => {
  if (Array.isArray(before) && Array.isArray(after)) return [...(before as unknown[]), ...(after as unknown[])];
  if (!isMembers(before) || !isMembers(after)) return after;
  // cut-offs by another method share no setting
  if ('method' in after && after['method'] !== before['method']) return after;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return Object.fromEntries(
    names.map((name) => [
      name,
      name in before && name in after ? merged(before[name], after[name]) : (after[name] ?? before[name]),
    ]),
  );
};

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
