import type { Language } from '../../shared/domain/message.ts';

/** Words that deliveries are stored with, as a person reads them. English ones are shown as they are. */
export const deliveryWord = (word: string, language: Language): string =>
  language === 'zh' ? (chinese[word] ?? word) : word;

const chinese: Readonly<Record<string, string>> = {
  alert: '提醒',
  task: '任务',
  grade: '等级回写',
  digest: '汇总',
  pending: '待发送',
  sending: '发送中',
  retry: '待重试',
  delivered: '已送达',
  unknown: '结果不明',
  held: '已搁置',
  dead: '失败',
  superseded: '已被取代',
  digested: '已汇总',
};
