import type { Language } from '../../../shared/domain/message.ts';

const english = {
  units: { day: 'days', week: 'weeks' },
  fittedDropout: (name: string, customers: string, repeats: string, to: string) =>
    `${name}, fitted to ${customers} customers and their ${repeats} repeat purchases up to ${to}\n`,
  fittedSpend: (customers: string, to: string) =>
    `Gamma-Gamma, fitted to the spend of ${customers} customers who bought again by ${to}\n`,
  fittedValue: (name: string, customers: string, spenders: string, to: string) =>
    `Customer lifetime value: ${name} fitted to ${customers} customers, Gamma-Gamma to the ${spenders} who bought again, up to ${to}\n`,
  parameters: (text: string, unit: string) => `  Parameters (times in ${unit}): ${text}\n`,
  spendParameters: (text: string) => `  Parameters of spend: ${text}\n`,
  likelihood: (value: string) =>
    `  Log-likelihood ${value}: of two models fitted to the same purchases, the higher one fits better.\n`,
  correlation: (value: string) =>
    `  How much is spent goes little with how often (correlation ${value}; above 0.3 it would have been refused).\n`,
  newCustomer: (purchases: string) =>
    `  Whoever buys for the first time is expected to buy ${purchases} times more within a year.\n`,
  alive: (share: string) => `  ${share} of these customers are still active, as the model sees it.\n`,
  onceCounts:
    '  Who bought only once counts as active for ever in BG/NBD: to find lost customers take mbgnbd, or days since the last order.\n',
  increasing:
    '  Who used to buy often and is silent now is rated lower than who always bought seldom: that is meant so.\n',
  meanSpend: (value: string) => `  The mean purchase of all customers: ${value}.\n`,
  worth: (months: string, discount: string, margin: string, total: string, mean: string) =>
    `  Over ${months} months, ${discount} off per month of waiting and ${margin} of an amount earned, these customers are worth ${total}: ${mean} each.\n`,
  heldOut: {
    purchases: (days: string, expected: string, actual: string, ratio: string) =>
      `Checked against the ${days} days after, which the fit did not see: ${expected} repeat purchases expected, ${actual} happened (${ratio}).\n`,
    spendPerPurchase: (days: string, expected: string, actual: string, ratio: string) =>
      `Checked against the ${days} days after, which the fit did not see: a purchase of ${expected} expected of those who bought, ${actual} spent on average (${ratio}).\n`,
    revenue: (days: string, expected: string, actual: string, ratio: string) =>
      `Checked against the ${days} days after, which the fit did not see: ${expected} of revenue expected, ${actual} came (${ratio}).\n`,
  },
  nobodyLater: (days: string) => `\nIn the ${days} days held out nothing was bought that could be compared.\n`,
  repeats: 'Repeats before',
  customers: 'customers',
  expectedMean: 'expected, mean',
  actualMean: 'actual, mean',
};

export type PurchaseTexts = typeof english;

const chinese: PurchaseTexts = {
  units: { day: '天', week: '周' },
  fittedDropout: (name, customers, repeats, to) =>
    `${name}：依据截至 ${to} 的 ${customers} 个客户及其 ${repeats} 次复购拟合\n`,
  fittedSpend: (customers, to) => `Gamma-Gamma：依据截至 ${to} 有复购的 ${customers} 个客户的消费金额拟合\n`,
  fittedValue: (name, customers, spenders, to) =>
    `客户终身价值：截至 ${to}，${name} 依据 ${customers} 个客户拟合，Gamma-Gamma 依据其中有复购的 ${spenders} 个客户拟合\n`,
  parameters: (text, unit) => `  参数（时间单位：${unit}）：${text}\n`,
  spendParameters: (text) => `  消费金额参数：${text}\n`,
  likelihood: (value) => `  对数似然 ${value}：同一批购买数据上的两个模型，数值高者拟合更好。\n`,
  correlation: (value) => `  消费金额与购买频次关系不大（相关系数 ${value}；超过 0.3 会被拒绝）。\n`,
  newCustomer: (purchases) => `  首次购买的客户，预计一年内再购买 ${purchases} 次。\n`,
  alive: (share) => `  按模型判断，这些客户中 ${share} 仍然活跃。\n`,
  onceCounts: '  BG/NBD 永远把只买过一次的客户视为活跃：要找流失客户，请用 mbgnbd 或“距上次购买天数”。\n',
  increasing: '  过去常买、如今沉默的客户，评价低于一向少买的客户：这是模型的本意。\n',
  meanSpend: (value) => `  全体客户的平均单次消费：${value}。\n`,
  worth: (months, discount, margin, total, mean) =>
    `  未来 ${months} 个月，每等待一个月折减 ${discount}，按金额的 ${margin} 计收益，这些客户合计值 ${total}，平均每个 ${mean}。\n`,
  heldOut: {
    purchases: (days, expected, actual, ratio) =>
      `用拟合时未见的其后 ${days} 天检验：预计复购 ${expected} 次，实际 ${actual} 次（${ratio}）。\n`,
    spendPerPurchase: (days, expected, actual, ratio) =>
      `用拟合时未见的其后 ${days} 天检验：其间购买者单次消费预计 ${expected}，实际平均 ${actual}（${ratio}）。\n`,
    revenue: (days, expected, actual, ratio) =>
      `用拟合时未见的其后 ${days} 天检验：预计收入 ${expected}，实际 ${actual}（${ratio}）。\n`,
  },
  nobodyLater: (days) => `\n留作检验的 ${days} 天里没有可比较的购买。\n`,
  repeats: '此前复购次数',
  customers: '客户数',
  expectedMean: '预计平均',
  actualMean: '实际平均',
};

export const purchaseTexts: Readonly<Record<Language, PurchaseTexts>> = { en: english, zh: chinese };
