import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallFault } from '#infra/demo/zoho-stand-in/stand-in-faults.ts';
import { type ZohoWriterDeps, zohoWriter } from '#shared/adapters/crm/zoho/zoho-writer.ts';
import { CustomerId } from '#shared/domain/ids.ts';
import type { TaskWrite } from '#shared/ports/crm.ts';
import { openZoho, type ZohoWorld } from './zoho-world.ts';

let world: ZohoWorld;

beforeEach(async () => {
  world = await openZoho();
  await world.zoho.put('Accounts', { id: '42', Account_Name: 'Acme', Customer_Grade: 'B' });
});
afterEach(() => world.zoho.stop());

const writeBack = { module: 'Accounts', grade: 'Customer_Grade', score: 'Grade_Score', at: 'Graded_At' };
const at = Date.parse('2026-09-26T10:00:00.789Z');
const acme = CustomerId.parse('account:zoho-eu:42');
const change = { customer: acme, grade: 'A', score: 83.456, at };
const task: TaskWrite = {
  key: 'account:zoho-eu:42#3/call',
  customer: acme,
  subject: 'Call Acme',
  description: 'Fell from A to B',
  due: '2026-09-30',
  priority: 'high',
};

const writer = (overrides: Partial<ZohoWriterDeps> = {}) =>
  zohoWriter({
    client: world.connect(),
    connection: 'zoho-eu',
    records: world.records,
    writeBack,
    taskKeyField: 'Regrade_Key',
    ...overrides,
  });
const keyless = () => writer({ taskKeyField: undefined });

describe('writeGrade', () => {
  it('writes grade, score and instant', async () => {
    expect(await writer().writeGrade(change)).toEqual({ outcome: 'done', reference: '42' });
    expect(world.zoho.records('Accounts')[0]).toMatchObject({
      Account_Name: 'Acme',
      Customer_Grade: 'A',
      Grade_Score: 83.46,
      Graded_At: '2026-09-26T10:00:00+00:00',
    });
  });

  it('writes nothing when the CRM already says so', async () => {
    await writer().writeGrade(change);
    world.zoho.faults.writes('unavailable', 1);
    expect(await writer().writeGrade({ ...change, at: at + 1 })).toEqual({ outcome: 'unchanged' });
    expect((await writer().writeGrade({ ...change, score: 12 })).outcome).toBe('retry');
  });

  it('clears the score of a customer that has none', async () => {
    await writer().writeGrade(change);
    await writer().writeGrade({ ...change, score: null });
    expect(world.zoho.records('Accounts')[0]).toMatchObject({ Customer_Grade: 'A', Grade_Score: null });
  });

  it('starts none of the automation of the CRM', async () => {
    const bodies: unknown[] = [];
    const client = world.connect();
    const spied = {
      ...client,
      call: (request: Parameters<typeof client.call>[0]) => (bodies.push(request.body), client.call(request)),
    };
    await writer({ client: spied }).writeGrade(change);
    await writer({ client: spied }).createTask(task);
    const sent = bodies.filter((body) => body !== undefined);
    expect(sent).toHaveLength(2);
    for (const body of sent) expect(body).toMatchObject({ trigger: [] });
  });

  it.each([
    ['a record that is gone', { customer: CustomerId.parse('account:zoho-eu:43') }],
    ['a customer of another CRM', { customer: CustomerId.parse('account:zoho-us:42') }],
    ['a customer that the module does not hold', { customer: CustomerId.parse('lead:zoho-eu:42') }],
  ])('refuses %s', async (_, other) => {
    expect((await writer().writeGrade({ ...change, ...other })).outcome).toBe('refused');
  });

  it('refuses where the settings name no fields', async () => {
    expect((await writer({ writeBack: undefined }).writeGrade(change)).outcome).toBe('refused');
  });

  it.each<[CallFault, object]>([
    ['credits', { outcome: 'retry', afterMs: 900_000 }],
    ['concurrency', { outcome: 'retry', afterMs: 1_050 }],
    ['unavailable', { outcome: 'retry' }],
    ['half', { outcome: 'retry' }],
  ])('may try again after %s: writing the same twice does no harm', async (fault, expected) => {
    world.zoho.faults.writes(fault, 1);
    expect(await writer().writeGrade(change)).toMatchObject(expected);
    expect(['done', 'unchanged']).toContain((await writer().writeGrade(change)).outcome);
    expect(world.zoho.records('Accounts')[0]).toMatchObject({ Customer_Grade: 'A' });
  });

  it('may try again when the reading before it fails', async () => {
    world.zoho.faults.reads('half', 1);
    expect((await writer().writeGrade(change)).outcome).toBe('retry');
  });

  it('replaces an expired token and goes on', async () => {
    world.zoho.faults.writes('expired-token', 1);
    expect((await writer().writeGrade(change)).outcome).toBe('done');
  });
});

describe('createTask', () => {
  it('creates a task for the owner on the account', async () => {
    const result = await writer().createTask({ ...task, owner: '554023000000235011' });
    const [stored] = world.zoho.tasks();
    expect(result).toEqual({ outcome: 'done', reference: stored?.id });
    expect(stored).toMatchObject({
      Subject: 'Call Acme',
      Due_Date: '2026-09-30',
      Status: 'Not Started',
      Priority: 'High',
      Description: 'Fell from A to B',
      Owner: { id: '554023000000235011' },
      What_Id: { id: '42' },
      $se_module: 'Accounts',
      Regrade_Key: task.key,
    });
  });

  it('finds its own earlier task instead of making a second one', async () => {
    const first = await writer().createTask(task);
    expect(await writer().createTask(task)).toEqual(first);
    expect(world.zoho.tasks()).toHaveLength(1);
  });

  it('may try again after a lost answer when the task has a key of its own', async () => {
    world.zoho.faults.writes('half', 1);
    expect((await writer().createTask(task)).outcome).toBe('retry');
    expect((await writer().createTask(task)).outcome).toBe('done');
    expect(world.zoho.tasks()).toHaveLength(1);
  });

  it.each<CallFault>(['half', 'unavailable'])(
    'does not know after %s whether a task without key exists',
    async (fault) => {
      world.zoho.faults.writes(fault, 1);
      expect((await keyless().createTask(task)).outcome).toBe('unknown');
    },
  );

  it.each<CallFault>(['credits', 'concurrency', 'unclear-limit'])(
    'may try again after %s even without a key',
    async (fault) => {
      world.zoho.faults.writes(fault, 1);
      expect((await keyless().createTask(task)).outcome).toBe('retry');
      expect(world.zoho.tasks()).toHaveLength(0);
    },
  );

  it('may try again when Zoho was never reached', async () => {
    const other = await openZoho();
    const api = other.zoho.url;
    await other.zoho.stop();
    const client = world.connect({ hosts: { accounts: world.zoho.url, api } });
    expect((await writer({ client, taskKeyField: undefined }).createTask(task)).outcome).toBe('retry');
  });

  it('writes the key into the description where no field is kept for it', async () => {
    await keyless().createTask(task);
    expect(world.zoho.tasks()[0]).toMatchObject({ Description: `Fell from A to B\n\n[${task.key}]` });
  });

  it('puts a contact and a lead where they belong', async () => {
    await writer().createTask({ ...task, key: 'k1', customer: CustomerId.parse('contact:zoho-eu:7') });
    await writer().createTask({ ...task, key: 'k2', customer: CustomerId.parse('lead:zoho-eu:8') });
    expect(world.zoho.tasks()).toMatchObject([{ Who_Id: { id: '7' } }, { Who_Id: { id: '8' }, $se_module: 'Leads' }]);
  });

  it('looks at the row, not only at the status', async () => {
    expect(await writer().createTask({ ...task, due: 'soon' })).toEqual({
      outcome: 'refused',
      reason: 'INVALID_DATA Due_Date',
    });
    expect(await writer().createTask({ ...task, subject: '' })).toEqual({
      outcome: 'refused',
      reason: 'MANDATORY_NOT_FOUND Subject',
    });
  });

  it('refuses an owner that is no user of Zoho, rather than leave the task with nobody', async () => {
    expect((await writer().createTask({ ...task, owner: 'ada@example.com' })).outcome).toBe('refused');
    expect(world.zoho.tasks()).toHaveLength(0);
  });

  it('shortens a long subject without halving a character', async () => {
    await writer().createTask({ ...task, subject: '😀'.repeat(300) });
    expect(world.zoho.tasks()[0]).toMatchObject({ Subject: '😀'.repeat(255) });
  });
});
