import * as z from 'zod';
import type { RecordMapping } from '../../../definitions/mapping.ts';
import type { ZohoConnection } from '../../../definitions/workspace.ts';
import type { CrmWriter, GradeWrite, TaskWrite, WriteResult } from '../../../ports/crm.ts';
import { type Subject, subjectOf } from '../subject-of.ts';
import type { ZohoClient } from './zoho-client.ts';
import { readWrite } from './zoho-rows.ts';

export interface ZohoWriterDeps {
  readonly client: ZohoClient;
  readonly connection: string;
  /** By module: tells which kind of customer a module holds. */
  readonly records: Readonly<Record<string, RecordMapping>>;
  readonly writeBack?: ZohoConnection['writeBack'];
  readonly taskKeyField?: ZohoConnection['taskKeyField'];
}

type WriteBack = NonNullable<ZohoWriterDeps['writeBack']>;

/** Writes grades and tasks to Zoho CRM v8, `trigger: []` always: none of the CRM's own automation starts from them. */
export const zohoWriter = (deps: ZohoWriterDeps): CrmWriter => ({
  writeGrade: async (grade) => {
    const { writeBack } = deps;
    if (writeBack === undefined) return refused('this connection has no writeBack fields');
    const subject = subjectOf(grade.customer);
    if (subject.connection !== deps.connection) return refused('the customer is of another connection');
    const kind = deps.records[writeBack.module]?.customer.kind;
    if (kind !== subject.kind) return refused(`${writeBack.module} does not hold customers of kind ${subject.kind}`);
    return writeGradeOf(deps.client, writeBack, subject.id, grade);
  },
  createTask: async (task) => {
    const subject = subjectOf(task.customer);
    if (subject.connection !== deps.connection) return refused('the customer is of another connection');
    if (task.owner !== undefined && !zohoId.test(task.owner)) return refused('the owner is not the id of a Zoho user');
    return postTask(deps, task, subject);
  },
});

const zohoId = /^\d{1,19}$/;

const refused = (reason: string): WriteResult => ({ outcome: 'refused', reason });

const Current = z.object({ data: z.array(z.record(z.string(), z.unknown())).length(1) });

/** Reads before it writes, so that a repeat, and the echo of our own write, end here. */
const writeGradeOf = async (
  client: ZohoClient,
  writeBack: WriteBack,
  id: string,
  grade: GradeWrite,
): Promise<WriteResult> => {
  const { module } = writeBack;
  const wanted = wantedFields(writeBack, grade);
  const read = await client.call({
    method: 'GET',
    path: `${encodeURIComponent(module)}/${encodeURIComponent(id)}`,
    query: {
      fields: Object.keys(wanted).join(','),
      approved: 'both',
      ...(module === 'Leads' ? { converted: 'both' } : {}),
    },
  });
  // reading changes nothing: whatever failed may be tried again
  if (read.outcome === 'failed') return readWrite(read, { repeatable: true });
  if (read.status === 204) return refused('the record is gone');
  const current = Current.safeParse(read.json).data?.data[0];
  if (current === undefined) return readWrite(read, { repeatable: true });
  if (Object.entries(wanted).every(([field, value]) => (current[field] ?? null) === value))
    return { outcome: 'unchanged' };
  const at = writeBack.at === undefined ? {} : { [writeBack.at]: zohoInstant(grade.at) };
  const body = { data: [{ id, ...wanted, ...at }], trigger: [] };
  return readWrite(await client.call({ method: 'PUT', path: encodeURIComponent(module), body }), { repeatable: true });
};

/** The fields that must differ for a write to be worth it; when the grade was decided is not one of them. */
const wantedFields = ({ grade: gradeField, score: scoreField }: WriteBack, { grade, score }: GradeWrite) => ({
  [gradeField]: grade,
  ...(scoreField === undefined ? {} : { [scoreField]: score === null ? null : Math.round(score * 100) / 100 }),
});

/** Whole seconds and a numeric offset, as Zoho writes instants itself. */
const zohoInstant = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}+00:00`;

const priorities = { high: 'High', normal: 'Normal', low: 'Low' } as const;
const longestSubject = 255;

const postTask = async (
  { client, taskKeyField }: ZohoWriterDeps,
  task: TaskWrite,
  subject: Subject,
): Promise<WriteResult> => {
  const reading = { repeatable: taskKeyField !== undefined, keyField: taskKeyField };
  const post = async (links: object): Promise<WriteResult> => {
    const row = { ...taskRow(task, taskKeyField), ...links };
    return readWrite(await client.call({ method: 'POST', path: 'Tasks', body: { data: [row], trigger: [] } }), reading);
  };
  if (subject.kind === 'account') return post({ What_Id: { id: subject.id }, $se_module: 'Accounts' });
  if (subject.kind === 'contact') return post({ Who_Id: { id: subject.id } });
  // tenants differ in where a lead may stand on a task
  const result = await post({ Who_Id: { id: subject.id }, $se_module: 'Leads' });
  const misplaced = result.outcome === 'refused' && result.reason === 'INVALID_DATA Who_Id';
  return misplaced ? post({ What_Id: { id: subject.id }, $se_module: 'Leads' }) : result;
};

const taskRow = (task: TaskWrite, keyField: string | undefined) => ({
  // by code points: half a character would spoil the row
  Subject: Array.from(task.subject).slice(0, longestSubject).join(''),
  Due_Date: task.due,
  Status: 'Not Started',
  Priority: priorities[task.priority],
  Description: keyField === undefined ? `${task.description}\n\n[${task.key}]` : task.description,
  ...(task.owner === undefined ? {} : { Owner: { id: task.owner } }),
  ...(keyField === undefined ? {} : { [keyField]: task.key }),
});
