import type { Language } from '../../shared/domain/message.ts';

const english = {
  about: 'Re-grades your CRM customers the moment something about them changes.',
  workspace: 'the workspace file',
  language: 'en or zh; otherwise the locale decides',
  help: 'show this help',
  helpCommand: 'show the help of a command',
  version: 'show the version',
  json: 'print JSON for a program to read',
  default: (value: string) => ` (otherwise ${value})`,
  examples: 'Examples:',
  titles: {} as Readonly<Record<string, string>>,
  init: 'write a commented workspace that can start as it is',
  initFolder: 'where to; the current folder if left out',
  force: 'write over files that are there already',
  check: 'find every mistake in the workspace and the files it names',
  start: 'run the node until it is stopped',
  demo: 'where there is no workspace file yet, run the demo: a year of a real shop, on this machine alone',
  speed: 'demo: simulated days per second',
  fresh: 'demo: begin again instead of going on where it was stopped',
  demoPort: 'demo: the port to listen on; 8787 or a free one if left out',
  plain: 'demo: no colours, nothing drawn over',
  exit: 'demo: end when the invoices are through, also in a terminal',
  notANumber: 'write a positive number',
  explain: 'tell why a customer has its grade, how it came to it and what comes next',
  customer: 'full id such as account:shop:42, or a piece of id or name that fits one customer',
  status: 'show what came in, what became of it and what is on its way',
  verify: 'prove the ledger: every chain whole, every grade as score and cut-offs say',
  verifyCustomer: 'as for explain; every customer if left out',
  schema: 'write JSON Schemas, so that an editor completes and checks the files',
  out: 'where to; .regrade/schemas beside the workspace file if left out',
  usage: (_code: string, message: string) => message,
  seeHelp: (command: string) => `See ${command} --help`,
};

export type ProgramTexts = typeof english;

/** By the codes of the library that reads the command line. */
const usageInChinese: Readonly<Record<string, string>> = {
  'commander.unknownCommand': '没有这个命令',
  'commander.unknownOption': '没有这个选项',
  'commander.missingArgument': '缺少参数',
  'commander.optionMissingArgument': '选项缺少值',
  'commander.excessArguments': '参数过多',
  'commander.invalidArgument': '选项的值不在可选范围内',
};

const chinese: ProgramTexts = {
  about: '客户信息一有变化，立即重新评定 CRM 客户等级。',
  workspace: '工作区文件',
  language: 'en 或 zh；不写则由系统区域设置决定',
  help: '显示帮助',
  helpCommand: '显示某个命令的帮助',
  version: '显示版本',
  json: '输出供程序读取的 JSON',
  default: (value) => `（默认 ${value}）`,
  examples: '示例：',
  titles: {
    'Usage:': '用法：',
    'Arguments:': '参数：',
    'Options:': '选项：',
    'Global Options:': '通用选项：',
    'Commands:': '命令：',
  },
  init: '生成一份带注释、可直接启动的工作区',
  initFolder: '目标文件夹；不写则为当前文件夹',
  force: '覆盖已有文件',
  check: '找出工作区及其引用文件中的所有错误',
  start: '运行节点，直到被停止',
  demo: '尚无工作区文件时运行演示：一家真实店铺的一年，全部在本机',
  speed: '演示：每秒模拟的天数',
  fresh: '演示：从头开始，而不是从上次停止处继续',
  demoPort: '演示：监听端口；不写则为 8787 或任一空闲端口',
  plain: '演示：不用颜色，不重绘',
  exit: '演示：发票放完即结束，在终端里也是',
  notANumber: '请写一个正数',
  explain: '说明客户为何是此等级、如何变化而来、接下来会怎样',
  customer: '完整 id（如 account:shop:42），或能唯一对应一个客户的 id 或名称片段',
  status: '显示收到了什么、处理结果如何、还有什么在途',
  verify: '证明台账：链条完整，每个等级与得分和分界相符',
  verifyCustomer: '同 explain；不写则为全部客户',
  schema: '生成 JSON Schema，供编辑器补全和检查',
  out: '目标文件夹；不写则为工作区文件旁的 .regrade/schemas',
  usage: (code, message) => {
    const word = /'([^']+)'/.exec(message)?.[1];
    return `${usageInChinese[code] ?? '用法错误'}${word === undefined ? '' : `：${word}`}`;
  },
  seeHelp: (command) => `请看 ${command} --help`,
};

export const programTexts: Readonly<Record<Language, ProgramTexts>> = { en: english, zh: chinese };
