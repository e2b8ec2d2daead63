import type { Language } from '../../../shared/domain/message.ts';
import type { WhyNot } from '../../../shared/domain/replay-letter.ts';

const letters = (count: string): string => `${count} dead letter${count === '1' ? '' : 's'}`;

const english = {
  odd: (text: string) =>
    `"${text}" is no point in time\n    → write 90m, 2h or 3d for so long ago, or 2026-03-01T09:00`,
  id: 'Id',
  parked: 'Parked',
  stage: 'Stage',
  reason: 'Reason',
  origin: 'From',
  key: 'Key',
  attempts: 'tries',
  state: 'State',
  open: 'open',
  replayed: (times: string) => `replayed ${times}×`,
  none: 'There are no such dead letters.\n',
  counted: (count: string, replayed: string) => `${letters(count)}, ${replayed} of them replayed.\n`,
  newest: (shown: string) => `Shown are the newest ${shown}; --limit shows more.\n`,
  unknown: (id: string) => `No dead letter's id begins with "${id}".\n`,
  several: (id: string) => `"${id}" begins the ids of several dead letters; write more of one:\n`,
  detail: 'Detail',
  connection: 'Connection',
  lastReplay: 'Last replay',
  payload: 'Payload',
  personal: 'The payload may hold personal data: mind where you copy it.\n',
  noPayload: '(none was kept)',
  wouldSend: (count: string) => `Would replay ${letters(count)}; nothing was sent.\n`,
  sending: (count: string, rate: string, seconds: string) =>
    `Replaying ${letters(count)} at ${rate} records/s, about ${seconds} s …\n`,
  soFar: (done: string, total: string) => `  ${done} of ${total}\n`,
  sent: (count: string) => `Replayed ${letters(count)}.\n`,
  nothing: 'There is nothing to replay.\n',
  sentBefore: (count: string) => `  ${count} replayed before: left alone (--again replays them once more)\n`,
  stopped: (count: string) => `Stopped after ${letters(count)}; run it again for the rest.\n`,
  noFile: (path: string, reason: string) => `regrade: ${path}: ${reason}\n`,
  outOfReach:
    'regrade: the brokers do not answer from here: dead letters on their topic cannot be looked at\n    → ask from where the brokers can be reached; what Lambda put into a bucket: `aws s3 sync s3://<bucket> failed/`, then --file failed/\n',
  notesOutOfReach:
    'The brokers do not answer from here: it is not known which of these letters were replayed. What took effect before does not again.\n',
  notReplayable: {
    garbage: (count: string) => `  ${count} not replayable: no JSON object (--force sends it as it is)\n`,
    'no-payload': (count: string) =>
      `  ${count} not replayable: no payload was kept; \`regrade dead list --json\` tells the offsets\n`,
    'no-topic': (count: string) => `  ${count} not replayable: not from a topic that is worked\n`,
  } satisfies Record<WhyNot, (count: string) => string>,
};

export type DeadTexts = typeof english;

const chinese: DeadTexts = {
  odd: (text) => `“${text}”不是时间\n    → 请写 90m、2h 或 3d 表示多久以前，或 2026-03-01T09:00`,
  id: '编号',
  parked: '存入时间',
  stage: '环节',
  reason: '原因',
  origin: '来源',
  key: '键',
  attempts: '次数',
  state: '状态',
  open: '未处理',
  replayed: (times) => `已重放 ${times} 次`,
  none: '没有这样的死信。\n',
  counted: (count, replayed) => `${count} 条死信，其中 ${replayed} 条已重放。\n`,
  newest: (shown) => `仅显示最新的 ${shown} 条；--limit 可显示更多。\n`,
  unknown: (id) => `没有编号以“${id}”开头的死信。\n`,
  several: (id) => `多条死信的编号以“${id}”开头，请写得更长：\n`,
  detail: '详情',
  connection: '连接',
  lastReplay: '最近重放',
  payload: '内容',
  personal: '内容可能包含个人信息：请留意复制到何处。\n',
  noPayload: '（未保留）',
  wouldSend: (count) => `将重放 ${count} 条死信；尚未发送。\n`,
  sending: (count, rate, seconds) => `正在以每秒 ${rate} 条的速度重放 ${count} 条死信，约 ${seconds} 秒……\n`,
  soFar: (done, total) => `  ${done} / ${total}\n`,
  sent: (count) => `已重放 ${count} 条死信。\n`,
  nothing: '没有可重放的死信。\n',
  sentBefore: (count) => `  ${count} 条此前已重放，未再发送（--again 可再次重放）\n`,
  stopped: (count) => `已重放 ${count} 条后中断；再次运行可继续其余部分。\n`,
  noFile: (path, reason) => `regrade：${path}：${reason}\n`,
  outOfReach:
    'regrade：从这里连不上消息代理，无法查看其主题上的死信\n    → 请在能连上消息代理的地方查看；Lambda 存入存储桶的部分：`aws s3 sync s3://<桶名> failed/`，再用 --file failed/\n',
  notesOutOfReach: '从这里连不上消息代理：无法得知哪些死信已重放。已生效的不会再次生效。\n',
  notReplayable: {
    garbage: (count) => `  ${count} 条无法重放：不是 JSON 对象（--force 可原样发送）\n`,
    'no-payload': (count) => `  ${count} 条无法重放：未保留内容；偏移量见 \`regrade dead list --json\`\n`,
    'no-topic': (count) => `  ${count} 条无法重放：不是来自所处理的主题\n`,
  },
};

export const deadTexts: Readonly<Record<Language, DeadTexts>> = { en: english, zh: chinese };
