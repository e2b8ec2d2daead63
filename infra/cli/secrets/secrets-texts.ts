import type { Language } from '../../../shared/domain/message.ts';
import type { NoSecret } from '../secrets-desk.ts';

interface SecretsTexts {
  readonly secrets: string;
  readonly list: string;
  readonly set: string;
  readonly name: string;
  readonly why: (answer: NoSecret) => string;
  readonly stageNeeded: string;
  readonly columns: {
    readonly purpose: string;
    readonly secret: string;
    readonly name: string;
    readonly state: string;
  };
  readonly states: { readonly filled: string; readonly empty: string; readonly unread: string };
  readonly unread: (secret: string, why: string) => string;
  readonly none: string;
  readonly unknownName: (name: string, known: string) => string;
  readonly fromInput: (name: string) => string;
  readonly empty: string;
  readonly put: (name: string, secret: string) => string;
}

const english: SecretsTexts = {
  secrets: 'what the functions of a stage on AWS keep secret',
  list: 'list the names that the workspace wants, and which have a value; values are never shown',
  set: 'put a value in; it is read from standard input, so that no history and no list of processes holds it',
  name: 'as the workspace refers to it: { env: NAME }',
  why: (answer) => {
    switch (answer.outcome) {
      case 'absent':
        return 'there is none; deploying the data stack makes it';
      case 'unreadable':
        return 'it is no JSON object of texts';
      case 'refused':
        return `AWS refuses these credentials: ${answer.reason}`;
      case 'unreachable':
        return `AWS Secrets Manager does not answer: ${answer.reason}`;
    }
  },
  stageNeeded: 'secrets are kept by stage\n    → say which: --stage NAME\n',
  columns: { purpose: 'For', secret: 'Secret', name: 'Name', state: 'State' },
  states: { filled: 'has a value', empty: 'MISSING', unread: 'not known' },
  unread: (secret, why) => `the secret ${secret} cannot be read: ${why}\n`,
  none: 'The workspace refers to no secret.\n',
  unknownName: (name, known) =>
    `the workspace refers to no secret ${name}\n    → ${known === '' ? 'it refers to none' : `write one of ${known}`}\n`,
  fromInput: (name) =>
    `hand the value over on standard input\n    → regrade secrets set ${name} --stage … < file, or pipe it out of a password manager\n`,
  empty: 'standard input held nothing: the secret stays as it is\n',
  put: (name, secret) =>
    `${name} is in ${secret}. Functions that run take it when they start anew: within hours, or at the next deployment.\n`,
};

const chinese: SecretsTexts = {
  secrets: 'AWS 环境中各函数的密钥',
  list: '列出工作区所需的名称，以及哪些已有值；从不显示值',
  set: '写入一个值；从标准输入读取，因此不会留在命令历史或进程列表中',
  name: '工作区引用的名称：{ env: 名称 }',
  why: (answer) => {
    switch (answer.outcome) {
      case 'absent':
        return '不存在；部署 data 堆栈会创建它';
      case 'unreadable':
        return '内容不是由文本组成的 JSON 对象';
      case 'refused':
        return `AWS 拒绝当前凭证：${answer.reason}`;
      case 'unreachable':
        return `AWS Secrets Manager 没有应答：${answer.reason}`;
    }
  },
  stageNeeded: '密钥按环境保存\n    → 请指明：--stage 名称\n',
  columns: { purpose: '用途', secret: '密钥', name: '名称', state: '状态' },
  states: { filled: '有值', empty: '缺少', unread: '未知' },
  unread: (secret, why) => `无法读取密钥 ${secret}：${why}\n`,
  none: '工作区没有引用任何密钥。\n',
  unknownName: (name, known) =>
    `工作区没有引用密钥 ${name}\n    → ${known === '' ? '它没有引用任何密钥' : `请写其中之一：${known}`}\n`,
  fromInput: (name) =>
    `请从标准输入提供值\n    → regrade secrets set ${name} --stage … < 文件，或由密码管理器经管道传入\n`,
  empty: '标准输入为空：密钥保持不变\n',
  put: (name, secret) => `${name} 已写入 ${secret}。运行中的函数在重新启动时取用：数小时内，或下次部署时。\n`,
};

export const secretsTexts: Readonly<Record<Language, SecretsTexts>> = { en: english, zh: chinese };
