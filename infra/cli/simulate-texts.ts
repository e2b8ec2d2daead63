import type { Delivery } from '../../shared/domain/delivery.ts';
import type { Language } from '../../shared/domain/message.ts';

type Kind = Delivery['content']['kind'];

const english = {
  noCustomers: 'there are no customers in the store yet\n    → run "regrade start" and let the CRM send some\n',
  noSignal: (name: string, names: string) => `the model has no signal ${name}\n    → it has ${names}\n`,
  otherSubject: (own: string, other: string) =>
    `the model grades ${own}s, the workspace’s grades ${other}s: they cannot be held against each other\n`,
  heading: (model: string, version: string, customers: string, at: string, zone: string) =>
    `Model ${model}, version ${version}, on ${customers} customers as of ${at} (${zone})\n`,
  against: (model: string) =>
    `Against the grades held now by ${model}. Exit bands count from them; when a model takes over, nothing has to last first.\n`,
  matrix: 'Customers by the grade held now (rows) and by this model (columns)',
  from: 'from \\ to',
  all: 'all',
  grades: 'Grades',
  grade: 'Grade',
  heldNow: 'held now',
  byScore: 'by score alone',
  then: 'then',
  value: (signal: string | undefined, currency: string) =>
    signal === undefined ? `amounts of 365 days, ${currency}` : `${signal}, ${currency}`,
  moving: (moving: string, share: string, up: string, down: string) =>
    `${moving} customers would move (${share}): ${up} up, ${down} down\n`,
  worth: (value: string) => `  worth ${value}\n`,
  waiting: (count: string) => `  ${count} more are asked for another grade that has to last first\n`,
  withoutData: (count: string, share: string) =>
    `  ${count} of those graded have nothing that the score reads (${share})\n`,
  segments: 'Segments',
  segment: 'Segment',
  noSegment: '(none)',
  customers: 'customers',
  wouldMove: 'would move',
  movers: (shown: string, all: string) => `Who would move: ${shown} of ${all}, of the greatest value first`,
  customer: 'Customer',
  name: 'Name',
  score: 'score',
  raw: 'by score',
  consequences: 'What the playbooks would send',
  channel: 'Channel',
  what: 'What',
  count: 'Number',
  kinds: { alert: 'alerts', task: 'tasks', grade: 'grades written back', digest: 'digests' } satisfies Record<
    Kind,
    string
  >,
  nothing: '  nothing\n',
  calls: (connection: string, calls: string) => `  ${calls} calls to ${connection}\n`,
  written: (count: string, file: string) => `${count} customers written to ${file}\n`,
};

export type SimulateTexts = typeof english;

const chinese: SimulateTexts = {
  noCustomers: '库中还没有客户\n    → 运行 "regrade start" 并让 CRM 发送数据\n',
  noSignal: (name, names) => `模型没有信号 ${name}\n    → 可用的有 ${names}\n`,
  otherSubject: (own, other) => `此模型评定 ${own}，工作区的模型评定 ${other}：无法相互比较\n`,
  heading: (model, version, customers, at, zone) =>
    `模型 ${model} 版本 ${version}，${customers} 个客户，截至 ${at}（${zone}）\n`,
  against: (model) => `对照 ${model} 的现有等级。退出带由现有等级起算；新模型接手时，变化无须先持续一段时间。\n`,
  matrix: '客户数：现有等级（行）与此模型的等级（列）',
  from: '从 \\ 到',
  all: '合计',
  grades: '等级',
  grade: '等级',
  heldNow: '现有',
  byScore: '仅按得分',
  then: '之后',
  value: (signal, currency) => (signal === undefined ? `365 天金额，${currency}` : `${signal}，${currency}`),
  moving: (moving, share, up, down) => `${moving} 个客户会变动（${share}）：升 ${up}，降 ${down}\n`,
  worth: (value) => `  价值 ${value}\n`,
  waiting: (count) => `  另有 ${count} 个须先持续一段时间才会变动\n`,
  withoutData: (count, share) => `  参评客户中 ${count} 个没有得分所需的任何数据（${share}）\n`,
  segments: '分段',
  segment: '分段',
  noSegment: '（无）',
  customers: '客户数',
  wouldMove: '会变动',
  movers: (shown, all) => `会变动的客户：${all} 个中价值最高的 ${shown} 个`,
  customer: '客户',
  name: '名称',
  score: '得分',
  raw: '按得分',
  consequences: '剧本会发送的内容',
  channel: '渠道',
  what: '内容',
  count: '数量',
  kinds: { alert: '提醒', task: '任务', grade: '等级回写', digest: '汇总' },
  nothing: '  无\n',
  calls: (connection, calls) => `  调用 ${connection} ${calls} 次\n`,
  written: (count, file) => `已将 ${count} 个客户写入 ${file}\n`,
};

export const simulateTexts: Readonly<Record<Language, SimulateTexts>> = { en: english, zh: chinese };
