import type { AlertChoice } from '../../shared/domain/change.ts';
import type { Language } from '../../shared/domain/message.ts';
import type { BuildPhase } from '../../shared/domain/model-pointer.ts';

const english = {
  publish: 'have other models grade from now on; without --yes only show what would change',
  publishModel:
    'a model file; it takes the place of the published one of its id. Otherwise all models of the workspace',
  why: 'the reason, for whoever reads the ledger later',
  by: 'who does it; otherwise the user of this machine',
  alerts:
    'what becomes of the alerts this leads to: suppress, digest or send. Grades are written back to the CRM in any case',
  yes: 'publish; without it nothing is changed',
  noWait: 'do not wait until every customer is graded by it',
  rollback: 'go back to the models that graded before, or give up what is being built',
  to: 'the version to go back to; otherwise what graded before',
  rollbackModel: 'the id of the model that --to is a version of; needed where several grade',
  models: 'list the published models: who published them when and why, and which grade',
  asksYes: 'Nothing was published. Say it again with --yes to publish.\n',
  would: (name: string, version: string, live: string) =>
    live === '' ? `${name} ${version} would grade as well\n` : `${name} ${version} would grade instead of ${live}\n`,
  outcomes: {
    begun: (epoch: string) => `Epoch ${epoch} is being built.\n`,
    live: (epoch: string) => `These models grade already, since epoch ${epoch}: there is nothing to do.\n`,
    'under-way': (epoch: string) =>
      `Epoch ${epoch} is being built already\n    → wait until \`regrade models\` says it grades, or give it up with \`regrade rollback\`\n`,
    'given-up': (epoch: string) => `Epoch ${epoch} was given up before it graded anybody.\n`,
  },
  taken: (id: string, version: string, by: string, at: string, why: string) =>
    `version ${version} of model ${id} was published with another content by ${by} on ${at} ("${why}")\n    → raise \`version\` in the model file: a published version never changes\n`,
  refusals: {
    'not-started':
      'nothing grades yet\n    → run `regrade start` once: the models of the workspace are published then\n',
    'unknown-version': 'there is no such published version\n    → `regrade models` lists them\n',
    'nothing-before': 'no other models graded before these\n',
    'which-model': 'several models grade\n    → say with --model which one --to is a version of\n',
  },
  unreadable: (problem: string) =>
    `the node does not understand the model: ${problem}\n    → run the same release on both sides\n`,
  nextStart: 'No node runs here: the next `regrade start` carries it out.\n',
  phases: {
    waiting: 'waiting until every process knows of it',
    visiting: 'asking every customer for its place',
    draining: 'letting the last of it be applied',
    moving: 'it grades; moving every customer to it',
    dropping: 'removing what nobody is graded by any more',
  } satisfies Record<BuildPhase, string>,
  phase: (step: string, epoch: string, text: string, visited: string) =>
    `[${step}/5] epoch ${epoch}: ${text}${visited}`,
  visited: (count: string) => `, ${count} so far`,
  done: (epoch: string) => `Every customer is graded by epoch ${epoch}.\n`,
  goesOn: 'It goes on without this command; `regrade models` tells how far it is.\n',
  columns: { model: 'Model', version: 'Version', content: 'Content', at: 'Published', by: 'By', why: 'Why', state: '' },
  epochColumns: { epoch: 'Epoch', models: 'Models', at: 'Asked for', by: 'By', alerts: 'Alerts', why: 'Why' },
  grades: 'grades',
  comes: 'is being built',
  none: 'No model is published yet: `regrade start` publishes those of the workspace.\n',
  versions: 'Published models\n',
  epochs: '\nWhat graded, the newest first\n',
  choices: { suppress: 'none', digest: 'one summary', send: 'as the playbooks say' } satisfies Record<
    AlertChoice,
    string
  >,
  noVersion: (text: string) =>
    `there is no published version ${text}\n    → \`regrade models\` lists them; or name a file\n`,
};

export type PublishTexts = typeof english;

const chinese: PublishTexts = {
  publish: '让其他模型从现在起评级；不加 --yes 时只显示会有哪些变化',
  publishModel: '模型文件；取代已发布的同 id 模型。不写则为工作区的全部模型',
  why: '原因，供日后查阅台账的人了解',
  by: '由谁操作；不写则为本机用户',
  alerts: '由此产生的提醒如何处理：suppress（不发）、digest（合并为一条）或 send（照发）。等级总会写回 CRM',
  yes: '确认发布；不加则不做任何更改',
  noWait: '不等待所有客户都按它评级',
  rollback: '回到之前评级的模型，或放弃正在构建的模型',
  to: '要回到的版本；不写则为之前评级的模型',
  rollbackModel: '--to 所指版本的模型 id；有多个模型评级时需要',
  models: '列出已发布的模型：由谁、何时、为何发布，以及哪些正在评级',
  asksYes: '尚未发布。确认后请加 --yes 再运行一次。\n',
  would: (name, version, live) =>
    live === '' ? `${name} ${version} 将加入评级\n` : `${name} ${version} 将取代 ${live} 评级\n`,
  outcomes: {
    begun: (epoch) => `正在构建第 ${epoch} 期。\n`,
    live: (epoch) => `这些模型自第 ${epoch} 期起已在评级，无需操作。\n`,
    'under-way': (epoch) =>
      `第 ${epoch} 期正在构建\n    → 请等 \`regrade models\` 显示它已评级，或用 \`regrade rollback\` 放弃它\n`,
    'given-up': (epoch) => `已放弃第 ${epoch} 期，它未对任何客户评级。\n`,
  },
  taken: (id, version, by, at, why) =>
    `模型 ${id} 的版本 ${version} 已由 ${by} 于 ${at} 以不同内容发布（“${why}”）\n    → 请提高模型文件中的 \`version\`：已发布的版本不会改变\n`,
  refusals: {
    'not-started': '尚无模型评级\n    → 请先运行一次 `regrade start`：工作区的模型会随之发布\n',
    'unknown-version': '没有这个已发布的版本\n    → `regrade models` 可列出\n',
    'nothing-before': '在此之前没有其他模型评级过\n',
    'which-model': '有多个模型在评级\n    → 请用 --model 说明 --to 是哪个模型的版本\n',
  },
  unreadable: (problem) => `节点无法理解此模型：${problem}\n    → 请在两边使用同一版本的程序\n`,
  nextStart: '此处没有节点在运行：下次 `regrade start` 会完成它。\n',
  phases: {
    waiting: '等待所有进程得知',
    visiting: '逐一询问客户的名次',
    draining: '等待最后的变动生效',
    moving: '已开始评级，正在逐一改用',
    dropping: '清除不再使用的排名',
  },
  phase: (step, epoch, text, visited) => `[${step}/5] 第 ${epoch} 期：${text}${visited}`,
  visited: (count) => `，已完成 ${count} 个`,
  done: (epoch) => `所有客户均已按第 ${epoch} 期评级。\n`,
  goesOn: '不等此命令它也会继续；`regrade models` 可查看进度。\n',
  columns: { model: '模型', version: '版本', content: '内容', at: '发布时间', by: '发布人', why: '原因', state: '' },
  epochColumns: { epoch: '期', models: '模型', at: '提出时间', by: '提出人', alerts: '提醒', why: '原因' },
  grades: '正在评级',
  comes: '正在构建',
  none: '尚未发布模型：`regrade start` 会发布工作区的模型。\n',
  versions: '已发布的模型\n',
  epochs: '\n评级过的模型，最新在前\n',
  choices: { suppress: '不发', digest: '合并为一条', send: '照剧本发送' },
  noVersion: (text) => `没有已发布的版本 ${text}\n    → \`regrade models\` 可列出；也可写文件名\n`,
};

export const publishTexts: Readonly<Record<Language, PublishTexts>> = { en: english, zh: chinese };
