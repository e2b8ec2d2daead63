import type { Language } from '../../../shared/domain/message.ts';

export interface StatusTexts {
  readonly workspace: string;
  readonly clock: string;
  customers(count: string): string;
  readonly intake: string;
  readonly connection: string;
  /** Received and its six outcomes, as an equation. */
  readonly outcomes: readonly string[];
  readonly balanced: string;
  offBy(count: string): string;
  readonly rejected: string;
  readonly dead: string;
  /** Hints that wait beside the stream since it did not answer. */
  readonly spilled: string;
  /** Records that the clock has not taken to their topic yet. */
  readonly relayed: string;
  disabled(channel: string, since: string, reason: string): string;
  readonly deliveries: string;
  readonly channel: string;
  /** Attempts of which nobody knows whether they arrived. */
  readonly unknowns: string;
  readonly stream: string;
  readonly stage: string;
  readonly topic: string;
  readonly behind: string;
  /** The brokers, so that nobody knows how far the stages are. */
  readonly outOfReach: string;
  readonly nothing: string;
}

const english: StatusTexts = {
  workspace: 'Workspace',
  clock: 'business clock',
  customers: (count) => (count === '1' ? '1 customer' : `${count} customers`),
  intake: 'Intake, in hints',
  connection: 'Connection',
  outcomes: ['received =', 'resolved +', 'coalesced +', 'deduplicated +', 'rejected +', 'dead +', 'waiting'],
  balanced: 'BALANCED',
  offBy: (count) => `OFF BY ${count}`,
  rejected: 'rejected,',
  dead: 'dead,',
  spilled: 'spilled, not on the stream yet:',
  relayed: 'in the table, not on the topic yet:',
  disabled: (channel, since, reason) => `${channel} is disabled since ${since}: ${reason}`,
  deliveries: 'Deliveries',
  channel: 'Channel',
  unknowns: 'unknown outcomes',
  stream: 'Stream',
  stage: 'Stage',
  topic: 'Topic',
  behind: 'behind by',
  outOfReach: 'the brokers do not answer from here: how far the stages are behind was not looked at',
  nothing: 'nothing yet',
};

const chinese: StatusTexts = {
  workspace: '工作区',
  clock: '业务时间',
  customers: (count) => `${count} 个客户`,
  intake: '接收（单位：提示）',
  connection: '连接',
  outcomes: ['收到 =', '已处理 +', '已合并 +', '已去重 +', '已拒绝 +', '死信 +', '等待中'],
  balanced: '平衡',
  offBy: (count) => `相差 ${count}`,
  rejected: '已拒绝，',
  dead: '死信，',
  spilled: '暂存，尚未进入数据流：',
  relayed: '在表中，尚未进入主题：',
  disabled: (channel, since, reason) => `${channel} 自 ${since} 起停用：${reason}`,
  deliveries: '投递',
  channel: '渠道',
  unknowns: '结果不明的次数',
  stream: '数据流',
  stage: '环节',
  topic: '主题',
  behind: '积压',
  outOfReach: '从这里连不上消息代理：未查看各环节的积压',
  nothing: '暂无',
};

export const statusTexts: Readonly<Record<Language, StatusTexts>> = { en: english, zh: chinese };
