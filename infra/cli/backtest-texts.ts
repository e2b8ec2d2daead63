import type { Language } from '../../shared/domain/message.ts';
import type { ReplayCause } from '../../shared/grading/backtest/replay.ts';
import type { FactsFault } from '../node/history/facts-columns.ts';

type RowFault = Omit<FactsFault, 'line'>;

const english = {
  oddColumns: (text: string, names: string) =>
    `--columns ${text} is not understood\n    → write customer=<header>,at=<header>; the names are ${names}\n`,
  otherCurrency: (told: string, currency: string) =>
    `the file's amounts are in ${told}, the model counts in ${currency}\n    → convert the amounts, or use a model in ${told}\n`,
  fault: ({ fault, column = '', value = '' }: RowFault): string => {
    switch (fault) {
      case 'empty':
        return 'the file is empty: its first line names the columns, e.g. customer,type,at,amount,currency';
      case 'no-column':
        return `there is no column "${value}": the first line names the columns; --columns says which means what, --type the type of all`;
      case 'open-quote':
        return 'a quotation mark opens here and is never closed';
      case 'after-quote':
        return 'something stands between a closing quotation mark and the next comma: a quotation mark inside is written twice';
      case 'not-text':
        return 'this is not UTF-8 text';
      case 'cells':
        return `another number of cells than the first line has: ${value}`;
      case 'type':
        return `${column}: "${value}" is no type of fact; it is written like invoice.paid`;
      case 'at':
        return `${column}: "${value}" is no instant; write 2026-03-02T09:00:00+08:00, without an offset it is by the clock of the model's zone`;
      case 'amount':
        return `${column}: "${value}" is no amount; write major units such as 1234.50, at most six decimals, no thousands separators`;
      case 'currency':
        return `${column}: the model does not count in ${value}; convert the amounts first`;
      case 'customer':
        return `${column}: "${value}" is too long for a customer`;
      case 'field':
        return `${column}: "${value}" is too long: a name has at most 64 characters, a value 1,000`;
    }
  },
  oddWhen: (option: string, text: string) =>
    `${option} ${text} is no point in time\n    → write 2026-03-01 or 2026-03-01T09:00\n`,
  backwards: '--from is later than --to\n',
  outcomes:
    'these outcomes do not go together\n    → write --won deal.won --lost deal.lost, or --repurchase invoice.paid, or --churn invoice.paid\n',
  zones: 'the models differ in time zone, currency or subject: one history cannot be read for all of them\n',
  noFacts: 'there are no facts to play\n',
  played: (events: string, customers: string, from: string, to: string, zone: string) =>
    `${events} events of ${customers} customers, ${from} to ${to} (${zone})\n`,
  left: (rows: string) => `Rows that name no customer, left out: ${rows}.\n`,
  firsts: (counted: boolean): string => (counted ? 'First grades are counted.' : 'First grades are not counted.'),
  guardsOff: ' Guards are off.',
  model: 'Model',
  changes: 'Changes',
  all: 'all',
  causes: { own: 'own events', displaced: 'displaced by others', timer: 'time alone' } satisfies Record<
    ReplayCause,
    string
  >,
  because: 'Because of',
  perEvent: 'per event',
  perCustomer: 'per customer',
  ups: 'up',
  downs: 'down',
  others: 'other',
  detail: (mostPerEvent: string, changed: string, most: string) =>
    `One event led to at most ${mostPerEvent}. ${changed} customers changed, one of them ${most} times.\n`,
  time: 'Time in grade',
  grade: 'Grade',
  days: 'customer-days',
  share: 'share',
  outcome: (count: string, good: string) => `Outcomes known: ${count}, good: ${good}`,
  known: 'known',
  good: 'good',
  rate: 'rate',
  area: (area: string) => `Area under the curve: ${area} (0.5 is chance, 1 is perfect)\n`,
  auc: 'AUC',
  score: 'Score',
  noOutcomes: 'No outcome is known in this stretch of time.\n',
};

export type BacktestTexts = typeof english;

const chinese: BacktestTexts = {
  oddColumns: (text, names) => `--columns ${text} 无法理解\n    → 写作 customer=<列名>,at=<列名>；可用的有 ${names}\n`,
  otherCurrency: (told, currency) =>
    `文件金额为 ${told}，模型以 ${currency} 计\n    → 请换算金额，或使用 ${told} 的模型\n`,
  fault: ({ fault, column = '', value = '' }) => {
    switch (fault) {
      case 'empty':
        return '文件是空的：第一行应写列名，如 customer,type,at,amount,currency';
      case 'no-column':
        return `没有列“${value}”：第一行写列名；--columns 说明各列含义，--type 说明全部事实的类型`;
      case 'open-quote':
        return '此处的引号没有结束';
      case 'after-quote':
        return '结束引号与下一个逗号之间有内容：引号内的引号要写两次';
      case 'not-text':
        return '文件不是 UTF-8 文本';
      case 'cells':
        return `单元格数与第一行不同：${value}`;
      case 'type':
        return `${column}：“${value}”不是事实类型；写作 invoice.paid 的形式`;
      case 'at':
        return `${column}：“${value}”不是时间；写作 2026-03-02T09:00:00+08:00，不带偏移则按模型的时区`;
      case 'amount':
        return `${column}：“${value}”不是金额；以主单位书写，如 1234.50，最多六位小数，不用千位分隔符`;
      case 'currency':
        return `${column}：模型不以 ${value} 计；请先换算`;
      case 'customer':
        return `${column}：“${value}”作为客户过长`;
      case 'field':
        return `${column}：“${value}”过长：名称最多 64 个字符，值最多 1,000 个`;
    }
  },
  oddWhen: (option, text) => `${option} ${text} 不是时间\n    → 写作 2026-03-01 或 2026-03-01T09:00\n`,
  backwards: '--from 晚于 --to\n',
  outcomes:
    '这些结果不能同时使用\n    → 写 --won deal.won --lost deal.lost，或 --repurchase invoice.paid，或 --churn invoice.paid\n',
  zones: '各模型的时区、货币或对象不同：无法用同一份历史\n',
  noFacts: '没有可回放的事实\n',
  played: (events, customers, from, to, zone) => `${events} 个事件，${customers} 个客户，${from} 至 ${to}（${zone}）\n`,
  left: (rows) => `没有客户而未计入的行：${rows}。\n`,
  firsts: (counted) => (counted ? '首次定级计入。' : '首次定级不计入。'),
  guardsOff: '保护规则已关闭。',
  model: '模型',
  changes: '变化',
  all: '合计',
  causes: { own: '自身事件', displaced: '被他人挤动', timer: '仅因时间' },
  because: '原因',
  perEvent: '每事件',
  perCustomer: '每客户',
  ups: '升',
  downs: '降',
  others: '其他',
  detail: (mostPerEvent, changed, most) =>
    `一个事件最多引起 ${mostPerEvent} 次变化。${changed} 个客户有变化，最多的一个 ${most} 次。\n`,
  time: '各等级时长',
  grade: '等级',
  days: '客户·天',
  share: '占比',
  outcome: (count, good) => `已知结果：${count}，其中良好：${good}`,
  known: '已知',
  good: '良好',
  rate: '比率',
  area: (area) => `曲线下面积：${area}（0.5 为随机，1 为完全正确）\n`,
  auc: 'AUC',
  score: '得分',
  noOutcomes: '此段时间内没有已知结果。\n',
};

export const backtestTexts: Readonly<Record<Language, BacktestTexts>> = { en: english, zh: chinese };
