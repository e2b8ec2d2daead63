import type { Language } from '../../../shared/domain/message.ts';
import { notPublished } from '../../../shared/domain/rates.ts';
import type { RateFault } from '../../../shared/domain/read-rates.ts';

interface Sentence {
  readonly message: string;
  readonly cure: string;
}

interface RateTexts {
  readonly whereFrom: string;
  unlistedCurrency(currency: string): Sentence;
  noColumn(currency: string, file: string): Sentence;
  fault(fault: RateFault): Sentence;
}

const inEnglish = (fault: RateFault): Sentence => {
  switch (fault.fault) {
    case 'no-header':
      return {
        message: 'the first line must name the columns',
        cure: 'write Date,USD,JPY,… as in eurofxref-hist.csv of the European Central Bank',
      };
    case 'no-days':
      return { message: 'there is no day in this file', cure: 'write a line a day, newest first: 2026-01-02,1.17,…' };
    case 'euro-column':
      return { message: 'EUR needs no column', cure: 'remove it: every rate is in units per euro' };
    case 'bad-currency':
      return { message: `"${fault.found}" is no currency code`, cure: 'write three capital letters, e.g. USD' };
    case 'repeated-currency':
      return { message: `the column ${fault.found} stands twice`, cure: 'keep one of them' };
    case 'bad-date':
      return { message: `"${fault.found}" is no date`, cure: 'write YYYY-MM-DD, e.g. 2026-01-02' };
    case 'bad-rate':
      return {
        message: `"${fault.found}" is no rate`,
        cure: `write a decimal above zero of at most 15 digits, or ${notPublished}`,
      };
    case 'not-newest-first':
      return {
        message: `${fault.found} stands below ${fault.above}`,
        cure: 'put the newest day first, and each day once',
      };
    case 'cell-count':
      return {
        message: `this line has ${fault.found} rates, the first line names ${fault.expected} currencies`,
        cure: `write one rate for each column, ${notPublished} where there is none`,
      };
  }
};

const inChinese = (fault: RateFault): Sentence => {
  switch (fault.fault) {
    case 'no-header':
      return {
        message: '第一行必须写明各列',
        cure: '请写 Date,USD,JPY,…，与欧洲央行的 eurofxref-hist.csv 相同',
      };
    case 'no-days':
      return { message: '文件中没有任何一天', cure: '每天一行，最新的在前：2026-01-02,1.17,…' };
    case 'euro-column':
      return { message: '不需要 EUR 列', cure: '请删除：所有汇率都是一欧元对应的数额' };
    case 'bad-currency':
      return { message: `“${fault.found}”不是货币代码`, cure: '请写三个大写字母，例如 USD' };
    case 'repeated-currency':
      return { message: `${fault.found} 列重复出现`, cure: '只保留一个' };
    case 'bad-date':
      return { message: `“${fault.found}”不是日期`, cure: '请写 YYYY-MM-DD，例如 2026-01-02' };
    case 'bad-rate':
      return { message: `“${fault.found}”不是汇率`, cure: `请写大于零、最多 15 位的十进制数，或 ${notPublished}` };
    case 'not-newest-first':
      return { message: `${fault.found} 排在 ${fault.above} 之下`, cure: '最新的一天在前，每天只写一次' };
    case 'cell-count':
      return {
        message: `此行有 ${fault.found} 个汇率，第一行写了 ${fault.expected} 种货币`,
        cure: `每列写一个汇率，没有时写 ${notPublished}`,
      };
  }
};

export const rateTexts: Readonly<Record<Language, RateTexts>> = {
  en: {
    whereFrom: 'put a file in the layout of the European Central Bank’s eurofxref-hist.csv there, or correct the path',
    unlistedCurrency: (currency) => ({
      message: `${currency} is no currency of ISO 4217: nobody could say how many decimals to round to`,
      cure: 'correct the code, or remove rates',
    }),
    noColumn: (currency, file) => ({
      message: `${file} has no column ${currency}: nothing can be converted to the currency of this workspace`,
      cure: `add a column ${currency}, or remove rates`,
    }),
    fault: inEnglish,
  },
  zh: {
    whereFrom: '请在该处放置与欧洲央行 eurofxref-hist.csv 同样格式的文件，或修正路径',
    unlistedCurrency: (currency) => ({
      message: `${currency} 不是 ISO 4217 货币：无法确定应舍入到几位小数`,
      cure: '请修正代码，或删除 rates',
    }),
    noColumn: (currency, file) => ({
      message: `${file} 没有 ${currency} 列：无法换算为此工作区的币种`,
      cure: `请添加 ${currency} 列，或删除 rates`,
    }),
    fault: inChinese,
  },
};
