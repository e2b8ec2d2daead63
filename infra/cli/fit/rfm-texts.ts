import type { Language } from '../../../shared/domain/message.ts';

const english = {
  fitted: (customers: string) =>
    `Recency, frequency and monetary value: quintiles of ${customers} customers with a purchase\n`,
  rules: {
    plusOne:
      '  Cuts are one above each quintile, as the R package rfm sets them for whole numbers; a value on a cut is in the bin above.\n',
    exact: '  Cuts are the quintiles (type 7, as in R and Excel); a value on a cut is in the bin below.\n',
  },
  bySignals: '  Values are those of the model’s own signals, by their windows.\n',
  cut: (percent: string) => `${percent} %`,
  score: (score: string) => `score ${score}`,
  recency: 'Days since the last purchase',
  frequency: 'Purchases',
  monetary: 'Amount',
  population: (customers: string, at: string) => `Snapshot of ${customers} customers in the model’s scope, ${at}\n`,
  means: 'Mean share of a factor’s weight',
  meanScore: 'Mean',
  quantiles: 'Percentiles',
  factor: 'Factor',
  mean: 'mean',
  least: 'least',
  median: 'median',
  greatest: 'greatest',
};

export type RfmTexts = typeof english;

const chinese: RfmTexts = {
  fitted: (customers) => `最近购买、频次与金额：${customers} 个有购买客户的五分位\n`,
  rules: {
    plusOne: '  分界为五分位加一，与 R 包 rfm 对整数的做法相同；恰在分界上的值属于上面一档。\n',
    exact: '  分界为五分位（第 7 类，与 R 和 Excel 相同）；恰在分界上的值属于下面一档。\n',
  },
  bySignals: '  数值取自模型自身的信号及其窗口。\n',
  cut: (percent) => `${percent} %`,
  score: (score) => `${score} 分`,
  recency: '距上次购买天数',
  frequency: '购买次数',
  monetary: '金额',
  population: (customers, at) => `模型范围内 ${customers} 个客户的快照，${at}\n`,
  means: '因子权重的平均得分比例',
  meanScore: '平均',
  quantiles: '分位数',
  factor: '因子',
  mean: '平均',
  least: '最小',
  median: '中位数',
  greatest: '最大',
};

export const rfmTexts: Readonly<Record<Language, RfmTexts>> = { en: english, zh: chinese };
