import type { Language } from '../../../shared/domain/message.ts';

const before = (days: string): string => (days === '1' ? 'a day before' : `${days} days before`);

const english = {
  fittedLogistic: 'Weights from won and lost leads, by logistic regression\n',
  fittedBayes: 'Chance of winning from won and lost leads, by naive Bayes\n',
  leads: (closed: string, won: string, lost: string, open: string) =>
    `  ${closed} closed leads: ${won} won, ${lost} lost. ${open} leads without an outcome are not looked at. A lead counts once, by its first outcome.\n`,
  unknownLeads: (count: string, days: string) =>
    `  ${count} further closed leads are left out: nothing was known of them ${before(days)} the outcome.\n`,
  knownThen: (days: string) =>
    `  Known when a lead is scored, ${before(days)} its outcome: facts and their fields, and attributes told with a date, up to then. Not known: everything later, such as what was filled in while it closed.\n`,
  presentLeftOut:
    '  The store keeps attributes as they are today, not as they were: they are left out. To use them, give --facts a file with columns attributes.x.\n',
  leftOut: (names: string) => `  Left out, since this method cannot read them: ${names}.\n`,
  feature: 'What is known',
  weight: 'weight',
  typical: 'typical value',
  odds: 'odds × per unit',
  weightsMean:
    '  A weight above 0 speaks for winning. The signal reads attributes of these names: map them in the connection.\n',
  value: 'value',
  won: 'won',
  lost: 'lost',
  rate: 'won of all',
  judged: (examples: string, won: string) =>
    `Checked on the latest ${examples} leads (${won} won), which were not used to learn:\n`,
  area: (percent: string, area: string) =>
    `  Of a won and a lost lead, the won one scores higher in ${percent} of cases (AUC ${area}; 0.5 is chance, 1 is perfect).\n`,
  brier: (score: string, base: string) =>
    `  Brier score ${score}: 0 is perfect; always saying the average would score ${base}.\n`,
  calibration: '  What was said, and what happened, in ten parts from the least likely to the most:\n',
  leadsColumn: 'leads',
  said: 'said',
  happened: 'won',
  noProbability:
    '  There are fewer than 200 won or lost leads: the score ranks leads, but it is no probability. Grade by rank, or by points.\n',
  notJudged: '  There are too few leads to keep some for checking: what is said here is not proven.\n',
};

export type LeadTexts = typeof english;

const chinese: LeadTexts = {
  fittedLogistic: '由赢单与输单得出的权重（逻辑回归）\n',
  fittedBayes: '由赢单与输单得出的赢单概率（朴素贝叶斯）\n',
  leads: (closed, won, lost, open) =>
    `  已关闭线索 ${closed} 条：赢单 ${won}，输单 ${lost}。${open} 条尚无结果，不参与。每条线索只按首次结果计一次。\n`,
  unknownLeads: (count, days) => `  另有 ${count} 条已关闭线索未计入：结果前 ${days} 天尚无任何信息。\n`,
  knownThen: (days) =>
    `  评分时刻（结果前 ${days} 天）已知的：此前的事实及其字段、带日期的属性。未知的：其后的一切，例如关单时才填写的内容。\n`,
  presentLeftOut:
    '  存储中只有属性的当前值，没有当时的值，因此未使用。如需使用，请用 --facts 提供含 attributes.x 列的文件。\n',
  leftOut: (names) => `  此方法无法读取、未使用的：${names}。\n`,
  feature: '已知信息',
  weight: '权重',
  typical: '典型值',
  odds: '每单位胜率倍数',
  weightsMean: '  权重大于 0 有利于赢单。信号读取同名属性：请在连接中映射它们。\n',
  value: '取值',
  won: '赢单',
  lost: '输单',
  rate: '赢单占比',
  judged: (examples, won) => `用未参与学习的最新 ${examples} 条线索（赢单 ${won}）检验：\n`,
  area: (percent, area) =>
    `  任取一条赢单和一条输单，赢单得分更高的情形占 ${percent}（AUC ${area}；0.5 为随机，1 为完全正确）。\n`,
  brier: (score, base) => `  Brier 分数 ${score}：0 为完全正确；始终报平均值则为 ${base}。\n`,
  calibration: '  从最不可能到最可能分为十份，预测与实际：\n',
  leadsColumn: '线索数',
  said: '预测',
  happened: '实际赢单',
  noProbability: '  赢单或输单不足 200 条：得分可以排序，但不是概率。请按名次或分数定级。\n',
  notJudged: '  线索太少，无法留出一部分检验：此处结果未经验证。\n',
};

export const leadTexts: Readonly<Record<Language, LeadTexts>> = { en: english, zh: chinese };
