import { expect } from 'vitest';
import type { Problem } from '../../../infra/node/workspace/problem.ts';

const model = 'models/existing-abc.yaml';
const playbook = 'playbooks/default.yaml';
const root = 'regrade.yaml';

/** What is written instead of what, and the one problem that must come of it. The place is that of `at` in the changed file. */
export interface Mistake {
  readonly mistake: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly at: string;
  readonly problem: Partial<Problem>;
}

/** Against the English template that `init` writes. */
export const mistakes: readonly Mistake[] = [
  {
    mistake: 'a misspelt key',
    file: root,
    from: 'algorithm: sha256',
    to: 'algoritm: sha256',
    at: 'algoritm',
    problem: {
      path: 'connections.shop.signature.algoritm',
      message: 'unknown key "algoritm"',
      cure: 'did you mean "algorithm"?',
    },
  },
  {
    mistake: 'a key nothing resembles',
    file: root,
    from: '{ host: 127.0.0.1, port: 8787 }',
    to: '{ zzz: 1 }',
    at: 'zzz',
    problem: { path: 'listen.zzz', message: 'unknown key "zzz"', cure: 'known here: host, port' },
  },
  {
    mistake: 'a missing key',
    file: root,
    from: 'currency: GBP\n#',
    to: '#',
    at: '# yaml',
    problem: { path: 'currency', message: '"currency" is missing', cure: 'write text' },
  },
  {
    mistake: 'a key without a value',
    file: root,
    from: 'timezone: Europe/London',
    to: 'timezone:',
    at: 'timezone',
    problem: { path: 'timezone', message: '"timezone" has no value' },
  },
  {
    mistake: 'a value of the wrong kind',
    file: root,
    from: 'port: 8787',
    to: 'port: http',
    at: 'http }',
    problem: { path: 'listen.port', message: 'expected a number, found "http"' },
  },
  {
    mistake: 'a number where a text belongs',
    file: root,
    from: 'kind: Workspace\n',
    to: 'kind: Workspace\ntenant: 43\n',
    at: '43\n',
    problem: { path: 'tenant', message: 'expected text, found 43', cure: 'put it in quotes' },
  },
  {
    mistake: 'a number out of range',
    file: root,
    from: 'port: 8787',
    to: 'port: 70000',
    at: '70000',
    problem: { path: 'listen.port', message: 'must be at most 65535' },
  },
  {
    mistake: 'a value that is none of those allowed',
    file: root,
    from: 'language: en',
    to: 'language: eng',
    at: 'eng\n',
    problem: { path: 'language', message: '"eng" is not one of zh, en', cure: 'did you mean "en"?' },
  },
  {
    mistake: 'an unknown vendor',
    file: root,
    from: '\n    vendor: generic',
    to: '\n    vendor: generc',
    at: 'generc',
    problem: {
      path: 'connections.shop.vendor',
      message: '"generc" is not one of zoho, fxiaoke, generic',
      cure: 'did you mean "generic"?',
    },
  },
  {
    mistake: 'a secret written down',
    file: root,
    from: 'secrets: [{ env: ALERT_WEBHOOK_SECRET }]',
    to: 'secrets: [hunter2]',
    at: 'hunter2',
    problem: {
      path: 'channels.alerts.secrets[0]',
      message: 'write secrets by reference: { env: NAME } or { file: path }',
    },
  },
  {
    mistake: 'a bad name of a connection',
    file: root,
    from: '\n  shop:',
    to: '\n  My_Shop:',
    at: 'My_Shop',
    problem: {
      path: 'connections.My_Shop',
      message: 'use lower-case letters, digits and dashes, at most 40',
    },
  },
  {
    mistake: 'an attribute that is neither a path nor a block',
    file: root,
    from: 'name: name',
    to: 'name: [a]',
    at: 'name: [a]',
    problem: {
      path: 'connections.shop.records.account.attributes.name',
      message: 'expected text or a block of keys, found a list',
    },
  },
  {
    mistake: 'a fault deep inside one of several alternatives',
    file: root,
    from: '{ path: strategic, as: boolean }',
    to: '{ path: strategic, as: bool }',
    at: 'bool }',
    problem: {
      path: 'connections.shop.records.account.attributes.strategicAccount.as',
      message: '"bool" is not one of text, number, boolean, instant, date, first',
    },
  },
  {
    mistake: 'an address that is none',
    file: root,
    from: 'url: http://127.0.0.1:9099/regrade',
    to: 'url: alerts.example',
    at: 'alerts.example\n',
    problem: { path: 'channels.alerts.url', message: '"alerts.example" is no web address; write http(s)://host/path' },
  },
  {
    mistake: 'a time zone that does not exist',
    file: root,
    from: 'timezone: Europe/London',
    to: 'timezone: Europe/Londn',
    at: 'Europe/Londn',
    problem: { path: 'timezone', message: '"Europe/Londn" is no time zone', cure: 'did you mean "Europe/London"?' },
  },
  {
    mistake: 'an offset instead of a time zone',
    file: root,
    from: 'timezone: Europe/London',
    to: 'timezone: "+08:00"',
    at: '"+08:00"',
    problem: { path: 'timezone', message: '"+08:00" is no time zone' },
  },
  {
    mistake: 'a model file that is not there',
    file: root,
    from: '- models/existing-abc.yaml',
    to: '- models/existing.yaml',
    at: 'models/existing.yaml',
    problem: {
      path: 'models[0]',
      message: expect.stringMatching(/^there is no file .*models\/existing\.yaml$/) as string,
    },
  },
  {
    mistake: 'a file listed twice',
    file: root,
    from: '  - models/existing-abc.yaml',
    to: '  - models/existing-abc.yaml\n  - models/existing-abc.yaml # again',
    at: 'models/existing-abc.yaml # again',
    problem: { path: 'models[1]', message: 'models/existing-abc.yaml is listed twice' },
  },
  {
    mistake: 'a generic record without an id',
    file: root,
    from: 'invoice:\n        id: id\n',
    to: 'invoice:\n',
    at: 'invoice:\n',
    problem: {
      path: 'connections.shop.records.invoice',
      message: `"invoice" does not say where a record's own id stands`,
      cure: 'add id: path.to.id',
    },
  },
  {
    mistake: 'a channel of an unknown connection',
    file: root,
    from: '# crm-tasks: { type: crm-task, connection: zoho-eu }',
    to: 'crm-tasks: { type: crm-task, connection: shopp }',
    at: 'shopp }',
    problem: {
      path: 'channels.crm-tasks.connection',
      message: 'there is no connection "shopp"',
      cure: 'did you mean "shop"?',
    },
  },
  {
    mistake: 'tasks in a CRM that cannot be written to',
    file: root,
    from: '# crm-tasks: { type: crm-task, connection: zoho-eu }',
    to: 'crm-tasks: { type: crm-task, connection: shop }',
    at: 'shop }',
    problem: {
      path: 'channels.crm-tasks.connection',
      message: 'connection shop is generic: tasks and grades can be written to zoho connections only',
    },
  },
  {
    mistake: 'requests to the machine itself that are not allowed',
    file: root,
    from: 'allowLoopback: true',
    to: 'allowLoopback: false',
    at: 'http://127.0.0.1:9099/regrade',
    problem: {
      path: 'channels.alerts.url',
      message: 'this address is the machine itself; such requests are refused',
      cure: 'for a trial set allowLoopback: true at the top level',
    },
  },
  {
    mistake: 'the same key twice',
    file: root,
    from: 'language: en\n',
    to: 'language: en\nlanguage: zh # again\n',
    at: 'language: zh # again',
    problem: { path: '', message: 'this key stands twice in the same block', cure: 'keep one of them' },
  },
  {
    mistake: 'a model in another currency',
    file: model,
    from: 'currency: GBP',
    to: 'currency: USD',
    at: 'USD',
    problem: {
      path: 'currency',
      message: 'the model counts in USD, the workspace in GBP',
      cure: "write currency: GBP, or change the workspace's",
    },
  },
  {
    mistake: 'a signal the model does not have',
    file: model,
    from: 'signal: revenue12m\n',
    to: 'signal: revenue\n',
    at: 'revenue\n',
    problem: { path: 'score.signal', message: expect.stringContaining('unknown signal revenue') as string },
  },
  {
    mistake: 'an unknown key of a model',
    file: model,
    from: 'subject: account',
    to: 'subjekt: account\nsubject: account',
    at: 'subjekt',
    problem: { path: 'subjekt', message: 'unknown key "subjekt"' },
  },
  {
    mistake: 'a playbook that names an unknown channel',
    file: playbook,
    from: 'to: [manager]\n',
    to: 'to: [manager]\n          channel2: x\n',
    at: 'channel2',
    problem: { path: 'rules[0].do[0].alert.channel2', message: 'unknown key "channel2"' },
  },
  {
    mistake: 'a key of another vendor',
    file: root,
    from: '\n    vendor: generic',
    to: '\n    dataCenter: eu\n    vendor: generic',
    at: 'dataCenter',
    problem: {
      path: 'connections.shop.dataCenter',
      message: 'unknown key "dataCenter"',
      cure: 'known here: items, timezone, minorUnits',
    },
  },
  {
    mistake: 'an action nobody knows',
    file: playbook,
    from: 'alert:\n          channel: alerts\n          to: [manager]',
    to: 'alret:\n          channel: alerts\n          to: [manager]',
    at: 'alret',
    problem: { path: 'rules[0].do[0]', message: 'write one of alert: {…}, task: {…}, writeGrade: {…}' },
  },
  {
    mistake: 'a playbook that names an unknown grade',
    file: playbook,
    from: 'to: [CHURNED]',
    to: 'to: [LOST]',
    at: 'LOST',
    problem: { path: 'rules[2].when.to[0]', message: expect.stringContaining('there is no grade LOST') as string },
  },
];
