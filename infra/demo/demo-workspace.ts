import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Document, parseDocument } from 'yaml';
import type { Language } from '../../shared/domain/message.ts';
import { lockStore } from '../node/node-lock.ts';
import { storeFileOf } from '../node/open-engine.ts';
import { positionFileOf } from './demo-position.ts';
import { freePort } from './free-port.ts';

export interface DemoWorkspaceSettings {
  readonly folder: string;
  readonly language: Language;
  /** Throws away what an earlier run left. */
  readonly fresh: boolean;
  /** Where the node is to listen; without it where it did before. 0: it and all others on any free port. */
  readonly port: number | undefined;
}

const templates = fileURLToPath(new URL('./workspace/', import.meta.url));
const files = ['regrade.yaml', join('models', 'demo-gbp.yaml'), join('playbooks', 'demo.yaml')];

const hex = (bytes: number) => (): string => randomBytes(bytes).toString('hex');
const secrets: Readonly<Record<string, () => string>> = {
  'zoho-client-id': () => `1000.${hex(8)()}`,
  'zoho-client-secret': hex(21),
  'zoho-refresh-token': () => `1000.${hex(16)()}.${hex(16)()}`,
  'zoho-path': hex(24),
  // Zoho allows a token 50 characters
  'zoho-channel': hex(20),
  alerts: () => `whsec_${randomBytes(32).toString('base64')}`,
  shop: hex(24),
};

/**
 * Puts the demo's workspace into its folder, where it is not there yet: real files, for every other command to use.
 * Ports that are taken give way to free ones. Returns the path of regrade.yaml.
 *
 * @throws {PipelineError} `STORE_IN_USE` while another demo runs in that folder.
 */
export const prepareDemoWorkspace = async (settings: DemoWorkspaceSettings): Promise<string> => {
  const { folder, fresh, port, language } = settings;
  refuseWhileRunning(folder);
  if (fresh) removeOwnFiles(folder);
  for (const file of files) writeOnce(join(folder, file), readFileSync(join(templates, file), 'utf8'));
  for (const [name, make] of Object.entries(secrets)) writeOnce(join(folder, 'secrets', name), `${make()}\n`);
  const root = join(folder, 'regrade.yaml');
  await settle(root, port, language);
  return root;
};

const refuseWhileRunning = (folder: string): void => {
  const store = storeFileOf(join(folder, 'data'));
  if (existsSync(store)) lockStore(store).release();
};

/** Only what the demo wrote: the folder may hold other things. */
const removeOwnFiles = (folder: string): void => {
  const own = [...files, 'secrets', 'data', 'node.log'].map((name) => join(folder, name));
  for (const path of [...own, positionFileOf(folder)]) rmSync(path, { recursive: true, force: true });
};

const writeOnce = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (!existsSync(file)) writeFileSync(file, text, { mode: 0o600 });
};

/** Brings ports and language into the file, comments and all else untouched. A file that cannot be read is left to `check`. */
const settle = async (root: string, port: number | undefined, language: Language): Promise<void> => {
  const before = readFileSync(root, 'utf8');
  const document = parseDocument(before);
  if (document.errors.length > 0) return;
  const crm = await freeOrigin(document, ['connections', 'zoho', 'hosts', 'api'], port);
  if (crm !== undefined) {
    document.setIn(['connections', 'zoho', 'hosts', 'api'], crm);
    document.setIn(['connections', 'zoho', 'hosts', 'accounts'], crm);
  }
  const alerts = await freeOrigin(document, ['channels', 'alerts', 'url'], port);
  if (alerts !== undefined) document.setIn(['channels', 'alerts', 'url'], `${alerts}/alerts`);
  const listen = ['listen', 'port'];
  const asked = port ?? Number(document.getIn(listen) ?? 0);
  // a port that was asked for is not silently another one
  document.setIn(listen, port === undefined || port === 0 ? await freePort(asked) : asked);
  document.setIn(['language'], language);
  const after = document.toString({ lineWidth: 0 });
  if (after !== before) writeFileSync(root, after);
};

const freeOrigin = async (
  document: Document,
  path: readonly string[],
  asked: number | undefined,
): Promise<string | undefined> => {
  const url = document.getIn(path);
  if (typeof url !== 'string' || !URL.canParse(url) || new URL(url).hostname !== '127.0.0.1') return undefined;
  return `http://127.0.0.1:${await freePort(asked === 0 ? 0 : Number(new URL(url).port))}`;
};
