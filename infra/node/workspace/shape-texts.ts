import type { Language } from '../../../shared/domain/message.ts';
import { modelSentencesInChinese } from './model-sentences.ts';

/** What is said about a file that does not have the form it should. */
export interface ShapeTexts {
  /** A sentence that the schema itself brings along. */
  own(sentence: string): string;
  unknownKey(key: string): string;
  didYouMean(word: string): string;
  knownKeys(keys: readonly string[]): string;
  missing(key: string): string;
  /** The key is there, nothing stands behind it. */
  noValue(key: string): string;
  expects(kinds: readonly string[]): string;
  oneOf(options: readonly string[]): string;
  wrongKind(kinds: readonly string[], value: unknown): string;
  notOneOf(value: unknown, options: readonly string[]): string;
  /** `origin` is the kind of thing that has a size: number, int, string, array, … */
  atLeast(origin: string, minimum: string, inclusive: boolean): string;
  atMost(origin: string, maximum: string, inclusive: boolean): string;
  wrongForm(value: unknown, format: string, pattern: string | undefined): string;
  notAccepted(value: unknown): string;
  readonly quoteIt: string;
}

/** What was written, short enough for one line. */
const quote = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

const isLength = (origin: string): boolean => origin === 'string';
const isCount = (origin: string): boolean => ['array', 'set', 'map', 'object'].includes(origin);

const kindsInEnglish: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a block of keys',
  record: 'a block of keys',
  null: 'null',
};
const kindsInChinese: Readonly<Record<string, string>> = {
  string: '文本',
  number: '数字',
  int: '整数',
  boolean: 'true 或 false',
  array: '列表',
  tuple: '列表',
  object: '键值块',
  record: '键值块',
  null: 'null',
};

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

const named = (kinds: readonly string[], names: Readonly<Record<string, string>>, or: string): string =>
  [...new Set(kinds.map((kind) => names[kind] ?? kind))].join(or);

/** Scalars are quoted as they are; of blocks and lists only the kind is told. */
const written = (value: unknown, names: Readonly<Record<string, string>>): string =>
  typeof value === 'object' && value !== null ? (names[kindOf(value)] ?? kindOf(value)) : quote(value);

const english: ShapeTexts = {
  own: (sentence) => sentence,
  unknownKey: (key) => `unknown key "${key}"`,
  didYouMean: (word) => `did you mean "${word}"?`,
  knownKeys: (keys) => `known here: ${keys.join(', ')}`,
  missing: (key) => `"${key}" is missing`,
  noValue: (key) => (key === '' ? 'the file is empty' : `"${key}" has no value`),
  expects: (kinds) => `write ${named(kinds, kindsInEnglish, ' or ')}`,
  oneOf: (options) => (options.length === 1 ? `write ${options.join()}` : `one of ${options.join(', ')}`),
  wrongKind: (kinds, value) =>
    `expected ${named(kinds, kindsInEnglish, ' or ')}, found ${written(value, kindsInEnglish)}`,
  notOneOf: (value, options) =>
    options.length === 1
      ? `must be ${options.join()}, found ${quote(value)}`
      : `${quote(value)} is not one of ${options.join(', ')}`,
  atLeast: (origin, minimum, inclusive) =>
    isLength(origin)
      ? minimum === '1'
        ? 'must not be empty'
        : `needs at least ${minimum} characters`
      : isCount(origin)
        ? `needs at least ${minimum} ${minimum === '1' ? 'entry' : 'entries'}`
        : `must be ${inclusive ? 'at least' : 'more than'} ${minimum}`,
  atMost: (origin, maximum, inclusive) =>
    isLength(origin)
      ? `takes at most ${maximum} characters`
      : isCount(origin)
        ? `takes at most ${maximum} ${maximum === '1' ? 'entry' : 'entries'}`
        : `must be ${inclusive ? 'at most' : 'less than'} ${maximum}`,
  wrongForm: (value, format, pattern) =>
    format === 'url'
      ? `${quote(value)} is no web address; write http(s)://host/path`
      : pattern === undefined
        ? `${quote(value)} has not the form of ${format}`
        : `${quote(value)} has not the expected form ${pattern}`,
  notAccepted: (value) => `${quote(value)} is not accepted here`,
  quoteIt: 'put it in quotes',
};

/** Sentences of the workspace file's schema in Chinese. */
const ownInChinese: Readonly<Record<string, string>> = {
  'write secrets by reference: { env: NAME } or { file: path }': '密钥只写引用：{ env: 变量名 } 或 { file: 路径 }',
  'use lower-case letters, digits and dashes, at most 40': '只能用小写字母、数字和连字符，最多 40 个字符',
  'name at least one secret; several may be valid at once while you rotate': '至少写一个密钥；轮换期间可以同时有几个',
  'a path is names joined by dots, e.g. Account_Name.id': '路径由点号连接的名称组成，例如 Account_Name.id',
  'a fact type is written subject.happened, e.g. invoice.paid': '事实类型写作“对象.发生的事”，例如 invoice.paid',
  'sign says something about the amount: name the path of the amount too': 'sign 说明的是金额：请同时写明金额的路径',
  'amountIn says something about the amount: name the path of the amount too':
    'amountIn 说明的是金额：请同时写明金额的路径',
  'a customer is merged or converted: name mergedInto or convertedTo, not both':
    '客户要么被合并，要么被转化：请只写 mergedInto 或 convertedTo 之一',
  'rateAt says how an amount is converted: name the paths of the amount and of its currency too':
    'rateAt 说明金额如何换算：请同时写明金额和币种的路径',
};

const chinese: ShapeTexts = {
  own: (sentence) => ownInChinese[sentence] ?? modelSentencesInChinese[sentence] ?? sentence,
  unknownKey: (key) => `未知的键“${key}”`,
  didYouMean: (word) => `是否想写“${word}”？`,
  knownKeys: (keys) => `此处可用：${keys.join('、')}`,
  missing: (key) => `缺少“${key}”`,
  noValue: (key) => (key === '' ? '文件为空' : `“${key}”没有值`),
  expects: (kinds) => `请填写${named(kinds, kindsInChinese, '或')}`,
  oneOf: (options) => (options.length === 1 ? `请写 ${options.join()}` : `可选：${options.join('、')}`),
  wrongKind: (kinds, value) => `应为${named(kinds, kindsInChinese, '或')}，实为 ${written(value, kindsInChinese)}`,
  notOneOf: (value, options) =>
    options.length === 1
      ? `应为 ${options.join()}，实为 ${quote(value)}`
      : `${quote(value)} 不在可选值之中：${options.join('、')}`,
  atLeast: (origin, minimum, inclusive) =>
    isLength(origin)
      ? minimum === '1'
        ? '不能为空'
        : `至少 ${minimum} 个字符`
      : isCount(origin)
        ? `至少 ${minimum} 项`
        : `必须${inclusive ? '不小于' : '大于'} ${minimum}`,
  atMost: (origin, maximum, inclusive) =>
    isLength(origin)
      ? `最多 ${maximum} 个字符`
      : isCount(origin)
        ? `最多 ${maximum} 项`
        : `必须${inclusive ? '不大于' : '小于'} ${maximum}`,
  wrongForm: (value, format, pattern) =>
    format === 'url'
      ? `${quote(value)} 不是网址，请写 http(s)://主机/路径`
      : pattern === undefined
        ? `${quote(value)} 不符合 ${format} 的格式`
        : `${quote(value)} 不符合格式 ${pattern}`,
  notAccepted: (value) => `此处不接受 ${quote(value)}`,
  quoteIt: '请加引号',
};

export const shapeTexts: Readonly<Record<Language, ShapeTexts>> = { en: english, zh: chinese };
