import type { Language } from '../../shared/domain/message.ts';

export interface HeaderValues {
  readonly invoices: number;
  readonly days: number;
  readonly node: string;
  readonly crm: string;
  readonly alerts: string;
  readonly workspace: string;
  readonly logFile: string;
  /** Shell lines to paste. */
  readonly webhook: string;
  readonly resumed: boolean;
}

export interface StatusValues {
  readonly bar: string;
  readonly date: string;
  readonly done: string;
  readonly all: string;
  readonly changes: string;
  readonly tasks: string;
  readonly writeBacks: string;
  readonly perSecond: string;
}

export interface SummaryValues {
  readonly grades: string;
  readonly customers: string;
  readonly invoices: string;
  readonly withoutCustomer: string;
  readonly accounts: readonly string[];
  readonly balanced: boolean;
  readonly entries: string;
  readonly faults: number;
  readonly forged: number;
  readonly deliveries: string;
  readonly seconds: string;
  readonly complete: boolean;
}

export interface AccountValues {
  readonly connection: string;
  readonly received: string;
  readonly resolved: string;
  readonly coalesced: string;
  readonly deduplicated: string;
  readonly rejected: string;
  /** That what was rejected were notifications of our own writes. */
  readonly onlyEchoes: boolean;
  readonly dead: string;
  readonly waiting: string;
}

export interface DemoTexts {
  readonly header: (values: HeaderValues) => string;
  readonly more: (count: number) => string;
  readonly status: (values: StatusValues) => string;
  readonly stopping: string;
  readonly proving: string;
  readonly account: (values: AccountValues) => string;
  readonly summary: (values: SummaryValues) => string;
  readonly deliveries: (values: {
    readonly alerts: string;
    readonly tasks: string;
    readonly writeBacks: string;
  }) => string;
  readonly serving: string;
  readonly goesOn: string;
  readonly faulty: string;
}

const commands = (workspace: string): string =>
  ['explain 17850', 'status', 'verify']
    .map((command) => `    npx regrade ${command} --workspace ${workspace}\n`)
    .join('');

export const demoTexts: Readonly<Record<Language, DemoTexts>> = {
  en: {
    header: (
      value,
    ) => `Regrade demo: ${value.invoices.toLocaleString('en')} invoices of a real online shop (UCI Online Retail, CC BY 4.0), ${value.days} days in a few minutes.
${value.resumed ? '  It goes on where it stopped; --fresh starts over.\n' : ''}
  node              ${value.node}
  stand-in CRM      ${value.crm}   speaks Zoho CRM: notifies, is read back, takes grades and tasks
  alert receiver    ${value.alerts}   checks every signature
  log               ${value.logFile}

  Try in another terminal, while it runs:
${commands(value.workspace)}
  Send a signed webhook of your own, then: npx regrade explain acme --workspace ${value.workspace}
${value.webhook}
`,
    more: (count) => `                  … and ${count} more`,
    status: ({ bar, date, done, all, changes, tasks, writeBacks, perSecond }) =>
      `${bar} ${date}  ${done}/${all} invoices  ${changes} changes  ${tasks} tasks  ${writeBacks} write-backs  ${perSecond} webhooks/s`,
    stopping: 'Finishing the work in hand …\n',
    proving: 'Checking every ledger from its first entry …\n',
    account: (value) =>
      `${value.connection}: ${value.received} received = ${value.resolved} resolved + ${value.coalesced} coalesced + ${value.deduplicated} deduplicated + ${value.rejected} rejected${value.onlyEchoes ? ' (our own writes)' : ''} + ${value.dead} dead + ${value.waiting} waiting`,
    summary: (value) => `
  Invoices    ${value.invoices}${value.complete ? '' : ' so far'}, ${value.withoutCustomer} of them without a customer: skipped
  Customers   ${value.customers}: ${value.grades}
  Done        ${value.deliveries}${value.forged === 0 ? ', every signature right' : `, ${value.forged} requests to the receiver refused`}
  Webhooks    ${value.accounts.join('\n              ')}
              ${value.balanced ? 'balanced: nothing was lost' : 'NOT BALANCED'}
  Ledger      ${value.entries} entries checked and decided again: ${value.faults === 0 ? 'every chain is whole' : `${value.faults} FAULTS`}
  Time        ${value.seconds} s
`,
    deliveries: ({ alerts, tasks, writeBacks }) =>
      `${alerts} changes told, ${tasks} tasks created, ${writeBacks} grades written back`,
    serving:
      '\nThe invoices are through and the simulated clock stands still. Everything goes on serving: try the commands above. Stop with Ctrl+C.\n',
    goesOn: '\nStopped. Start it again to go on from here.\n',
    faulty: 'The files of the demo have faults. Cure them, or start over with --fresh.\n',
  },
  zh: {
    header: (
      value,
    ) => `Regrade 演示：一家真实网店的 ${value.invoices.toLocaleString('zh')} 张发票（UCI Online Retail，CC BY 4.0），几分钟走完 ${value.days} 天。
${value.resumed ? '  从上次停下的地方继续；--fresh 重新开始。\n' : ''}
  节点          ${value.node}
  模拟 CRM      ${value.crm}   按 Zoho CRM 的方式通知、回读、写入等级和任务
  提醒接收端    ${value.alerts}   逐条校验签名
  日志          ${value.logFile}

  运行期间，可在另一个终端里试：
${commands(value.workspace)}
  自己发一条签名的 webhook，再运行：npx regrade explain acme --workspace ${value.workspace}
${value.webhook}
`,
    more: (count) => `                  …… 另有 ${count} 条`,
    status: ({ bar, date, done, all, changes, tasks, writeBacks, perSecond }) =>
      `${bar} ${date}  发票 ${done}/${all}  等级变更 ${changes}  任务 ${tasks}  回写 ${writeBacks}  webhook ${perSecond}/秒`,
    stopping: '正在完成手头的工作……\n',
    proving: '正在从第一条起核对每本台账……\n',
    account: (value) =>
      `${value.connection}：收到 ${value.received} = 已处理 ${value.resolved} + 合并 ${value.coalesced} + 重复 ${value.deduplicated} + 拒绝 ${value.rejected}${value.onlyEchoes ? '（自己的回写）' : ''}+ 死信 ${value.dead} + 等待 ${value.waiting}`,
    summary: (value) => `
  发票        ${value.complete ? '' : '目前 '}${value.invoices} 张，其中 ${value.withoutCustomer} 张没有客户，已跳过
  客户        ${value.customers} 个：${value.grades}
  完成        ${value.deliveries}${value.forged === 0 ? '，签名全部正确' : `，接收端拒绝了 ${value.forged} 个请求`}
  Webhook     ${value.accounts.join('\n              ')}
              ${value.balanced ? '收支平衡：没有丢失' : '收支不平衡'}
  台账        ${value.entries} 条已核对并复算：${value.faults === 0 ? '所有链条完整' : `发现 ${value.faults} 处错误`}
  用时        ${value.seconds} 秒
`,
    deliveries: ({ alerts, tasks, writeBacks }) =>
      `${alerts} 次变更已通知，${tasks} 个任务已创建，${writeBacks} 次等级已回写`,
    serving: '\n发票已全部走完，模拟时钟停住。各服务继续运行：可试上面的命令。按 Ctrl+C 停止。\n',
    goesOn: '\n已停止。再次启动会从这里继续。\n',
    faulty: '演示的文件有错误。请修正，或用 --fresh 重新开始。\n',
  },
};
