import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../infra/demo/free-port.ts';
import { benchSecret, signatureHeader, webhookPath } from './bench-workspace.ts';
import { type Children, projectFolder } from './children.ts';

const version = '4.1.10';
const home = join(projectFolder, 'node_modules', '.cache', 'regrade-bench', `node-red-${version}`);
const program = join(home, 'node_modules', 'node-red', 'red.js');
const installMs = 180_000;

/** Installs Node-RED into a folder of its own, once. Returns a sentence where that is impossible. */
export const installNodeRed = async (): Promise<string | undefined> => {
  if (existsSync(program)) return undefined;
  mkdirSync(home, { recursive: true });
  const args = ['install', '--prefix', home, '--no-fund', '--no-audit', '--loglevel=error', `node-red@${version}`];
  try {
    await promisify(execFile)('npm', args, { cwd: home, timeout: installMs, shell: process.platform === 'win32' });
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n').at(-1) ?? '') : '';
    return `Node-RED ${version} could not be installed from the registry${reason === '' ? '' : ` (${reason})`}`;
  }
};

/** Runs a flow of three nodes: http in, a function that checks the HMAC and grades by five factors, http response. */
export const startNodeRed = async (children: Children, folder: string) => {
  const port = await freePort(0);
  mkdirSync(folder, { recursive: true });
  const settings = join(folder, 'settings.cjs');
  writeFileSync(settings, settingsFile(port));
  writeFileSync(join(folder, 'flows.json'), JSON.stringify(flow));
  const child = children.spawn([program, '--userDir', folder, '--settings', settings], { cwd: folder });
  const url = `http://127.0.0.1:${port}`;
  let told = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (told += text));
  const deadline = performance.now() + 30_000;
  while (!(await answers(`${url}${webhookPath}`))) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`Node-RED did not come up:\n${told}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return { url, pid: child.pid ?? 0 };
};

/** An unsigned delivery is refused as soon as the flow runs. */
const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url, { method: 'POST', body: '{}' })).status === 401;
  } catch (error) {
    // not listening yet
    return error === undefined;
  }
};

const settingsFile = (port: number): string => `module.exports = {
  uiHost: '127.0.0.1',
  uiPort: ${port},
  httpAdminRoot: false,
  flowFile: 'flows.json',
  telemetry: { enabled: false, updateNotification: false },
  diagnostics: { enabled: false },
  functionExternalModules: false,
  functionGlobalContext: { crypto: require('crypto') },
  logging: { console: { level: 'error', metrics: false, audit: false } },
};
`;

/** The grade of every customer is kept in the context of the flow: in memory, lost with the process. */
const grade = `
const crypto = global.get('crypto');
const expected = crypto.createHmac('sha256', ${JSON.stringify(benchSecret)}).update(msg.payload).digest();
const given = Buffer.from(String(msg.req.headers['${signatureHeader}']), 'hex');
msg.headers = {};
if (given.length !== expected.length || !crypto.timingSafeEqual(given, expected)) {
  msg.statusCode = 401;
  msg.payload = '';
  return msg;
}
const record = JSON.parse(msg.payload.toString());
const customers = context.get('customers') || {};
const id = record.account || record.id;
const known = customers[id] || { orders: 0, sales: 0, calls: 0, employees: 0, fit: 0, grade: 'C' };
if (record.type === 'invoice') { known.orders += 1; known.sales += record.amount; }
if (record.type === 'call') known.calls += 1;
if (record.type === 'account') { known.employees = record.employees; known.fit = record.fit; }
const band = (value, high, low) => (value >= high ? 20 : value >= low ? 10 : 0);
const score = band(known.sales, 8000, 1000) + band(known.orders, 4, 1) + band(known.calls, 2, 1)
  + band(known.employees, 1000, 50) + band(known.fit, 80, 20);
known.grade = score >= 55 ? 'A' : score >= 30 ? 'B' : 'C';
customers[id] = known;
context.set('customers', customers);
msg.statusCode = 200;
msg.payload = '';
return msg;
`;

const flow = [
  { id: 'bench', type: 'tab', label: 'bench' },
  {
    id: 'in',
    type: 'http in',
    z: 'bench',
    url: webhookPath,
    method: 'post',
    skipBodyParsing: true,
    wires: [['grade']],
  },
  { id: 'grade', type: 'function', z: 'bench', func: grade, outputs: 1, wires: [['out']] },
  { id: 'out', type: 'http response', z: 'bench', wires: [] },
];
