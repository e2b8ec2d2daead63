import type { Language } from '../../shared/domain/message.ts';

const english = {
  via: 'stream: to the brokers; table: by way of the table, out of which the clock takes it. Otherwise the table where the brokers do not answer within 3 seconds',
  waits: 'It goes by way of the table: the clock takes it to its topic within about a minute.\n',
  viaEmbedded: 'only what runs on Kafka and DynamoDB has two ways\n    → leave out --via\n',
};

export type SendingTexts = typeof english;

const chinese: SendingTexts = {
  via: 'stream：直接发给消息代理；table：先存入表中，由定时器取出。不写时，若消息代理 3 秒内没有应答则经由表',
  waits: '经由表发送：定时器会在约一分钟内将其送到主题。\n',
  viaEmbedded: '只有运行在 Kafka 和 DynamoDB 上时才有两种途径\n    → 请去掉 --via\n',
};

export const sendingTexts: Readonly<Record<Language, SendingTexts>> = { en: english, zh: chinese };
