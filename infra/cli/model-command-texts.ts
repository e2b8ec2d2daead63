import type { Language } from '../../shared/domain/message.ts';

const english = {
  simulate: 'tell what a model would change about the customers in the store, before anybody is told',
  simulateModel:
    'the model file to try; the grades held now are those of the workspace’s model of the same id, or its first',
  value: 'the signal of the model that says what a customer is worth; otherwise the first sum of amounts',
  by: 'tell customers apart by this attribute instead of the model’s segments',
  top: 'name so many of those who would move',
  csv: 'write everybody who would move to this file, or to the output with -',
  backtest: 'play facts by one or several models, event by event, and count what would have changed',
  backtestModel: 'a model file; say it again to compare several',
  facts: 'a CSV file of facts, or one packed by gzip; otherwise the facts in the store',
  columns:
    'what the columns are named, e.g. customer=CustomerID,at=InvoiceDate; otherwise customer, type, at, amount, currency',
  type: 'the type of every fact, where the file has no column for it',
  currency: 'the currency of the amounts; otherwise the model’s',
  from: 'count from then on; what is before only builds up',
  to: 'end then, and not with the last fact',
  guards: 'on, or off to leave the model’s guards out',
  countFirst: 'count a customer’s first grade as a change too',
  won: 'types of facts that mean a grade was right, separated by commas; with --lost',
  lost: 'types of facts that mean it was not',
  repurchase: 'types of facts that are purchases: a grade is right if the customer buys again within --within days',
  churn: 'types of facts that are purchases: a grade is right if the customer does not buy within --within days',
  within: 'days, for --repurchase and --churn',
  diff: 'tell what two models say differently',
  diffOld: 'the model as it was: a file, or the number of a published version, e.g. 3 or abc@3',
  diffNew: 'the model as it is to be, likewise',
};

export type ModelCommandTexts = typeof english;

const chinese: ModelCommandTexts = {
  simulate: '在通知任何人之前，说明一个模型会给库中客户带来哪些变化',
  simulateModel: '要试的模型文件；现有等级取工作区中同 id 的模型，没有则取第一个',
  value: '模型中代表客户价值的信号；不写则为第一个金额求和信号',
  by: '按此属性划分客户，而不是按模型的分段',
  top: '列出将变动的前若干名',
  csv: '将全部会变动的客户写入此文件，- 表示写到输出',
  backtest: '用一个或多个模型逐事件回放事实，统计会发生的变化',
  backtestModel: '模型文件；可多次书写以比较',
  facts: '事实的 CSV 文件，也可为 gzip 压缩；不写则为库中的事实',
  columns: '各列的列名，如 customer=CustomerID,at=InvoiceDate；不写则为 customer、type、at、amount、currency',
  type: '文件没有类型列时，全部事实的类型',
  currency: '金额的货币；不写则为模型的货币',
  from: '从此时起计数；此前的只用于累积',
  to: '到此时为止，而不是到最后一条事实',
  guards: 'on，或 off 表示不用模型的保护规则',
  countFirst: '客户的首次定级也计为变化',
  won: '表示等级正确的事实类型，以逗号分隔；与 --lost 同用',
  lost: '表示等级不正确的事实类型',
  repurchase: '属于购买的事实类型：客户在 --within 天内再次购买则等级正确',
  churn: '属于购买的事实类型：客户在 --within 天内不购买则等级正确',
  within: '天数，用于 --repurchase 和 --churn',
  diff: '说明两个模型有何不同',
  diffOld: '原来的模型：文件，或已发布版本的编号，如 3 或 abc@3',
  diffNew: '将来的模型，写法相同',
};

export const modelCommandTexts: Readonly<Record<Language, ModelCommandTexts>> = { en: english, zh: chinese };
