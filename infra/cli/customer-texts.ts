import type { Language } from '../../shared/domain/message.ts';

const english = {
  hold: 'set a customer’s grade by hand, over whatever the model says',
  grade: 'one of the grades of the model that decides',
  until:
    'through this day (2026-12-31, by the calendar of the workspace), or until an instant; otherwise until released',
  why: 'the reason, for the history',
  by: 'who asks for it; otherwise the user of this system',
  release: 'let a grade go again that was set by hand',
  merge: 'make a customer part of another one: its facts count there, a lead is converted',
  loser: 'who becomes part of the other: full id, or a piece of id or name that fits one customer',
  part: 'who became part of another one: full id, or a piece of id or name that fits one customer',
  into: 'whose part it becomes, written the same way',
  unmerge: 'make a customer that was merged or converted one of its own again',
  held: (customer: string, grade: string, until: string | undefined) =>
    `${customer} is held at ${grade}${until === undefined ? ' until it is released' : ` until ${until}`}.\n`,
  outOfScope: 'It is not in the scope of the model now: the grade counts once it is.\n',
  oddUntil: (text: string) =>
    `regrade: "${text}" is no day or point in time to come\n    → write a date such as 2026-12-31, or 2026-12-31T18:00\n`,
  unknownGrade: (grade: string, model: string, known: string) =>
    `regrade: the model ${model} has no grade ${grade}\n    → write one of ${known}\n`,
  noModel: (customer: string) =>
    `regrade: no model of the workspace grades ${customer}\n    → add one whose subject is its kind\n`,
  holdElsewhere: (customer: string, into: string) =>
    `regrade: ${customer} is part of ${into} and has no grade of its own\n    → hold ${into}\n`,
  notHeld: (customer: string) => `${customer} is not held: there is nothing to release.\n`,
  released: (customer: string) => `${customer} is released: the model decides again.\n`,
  merged: (customer: string, into: string) => `${customer} becomes part of ${into}.\n`,
  mergedAlready: (customer: string, into: string) => `${customer} is part of ${into} already.\n`,
  intoItself: (customer: string) => `regrade: ${customer} cannot become part of itself\n    → name two customers\n`,
  circle: (customer: string, into: string, first: string) =>
    `regrade: ${into} is part of ${customer}\n    → take it out first: regrade unmerge ${first} --why …\n`,
  unmerged: (customer: string, into: string) => `${customer} comes off ${into} again.\n`,
  notMerged: (customer: string) => `regrade: ${customer} is part of no other customer: there is no merge to undo\n`,
};

export type CustomerTexts = typeof english;

const chinese: CustomerTexts = {
  hold: '人工设定客户等级，优先于模型的结果',
  grade: '决定等级的模型中的一个等级',
  until: '到这一天结束（2026-12-31，按工作区日历），或到某一时刻；不写则直到解除',
  why: '原因，会记入历史',
  by: '由谁提出；不写则为本系统的当前用户',
  release: '解除人工设定的等级',
  merge: '将一个客户并入另一个：其事实从此计入后者，线索则视为转化',
  loser: '被并入的客户：完整 id，或能唯一对应一个客户的 id 或名称片段',
  part: '已被并入的客户：完整 id，或能唯一对应一个客户的 id 或名称片段',
  into: '并入哪个客户，写法相同',
  unmerge: '使已合并或已转化的客户重新独立',
  held: (customer, grade, until) =>
    `${customer} 的等级已设为 ${grade}，${until === undefined ? '直到解除' : `有效至 ${until}`}。\n`,
  outOfScope: '该客户目前不在模型范围内：进入范围后此等级生效。\n',
  oddUntil: (text) => `regrade：“${text}”不是将来的日期或时刻\n    → 请写日期，如 2026-12-31，或 2026-12-31T18:00\n`,
  unknownGrade: (grade, model, known) => `regrade：模型 ${model} 没有等级 ${grade}\n    → 请写其中之一：${known}\n`,
  noModel: (customer) => `regrade：工作区没有为 ${customer} 定级的模型\n    → 请添加一个 subject 为其类型的模型\n`,
  holdElsewhere: (customer, into) => `regrade：${customer} 已并入 ${into}，自身没有等级\n    → 请对 ${into} 设定\n`,
  notHeld: (customer) => `${customer} 没有人工设定的等级，无需解除。\n`,
  released: (customer) => `${customer} 已解除：重新由模型决定等级。\n`,
  merged: (customer, into) => `${customer} 将并入 ${into}。\n`,
  mergedAlready: (customer, into) => `${customer} 已经并入 ${into}。\n`,
  intoItself: (customer) => `regrade：${customer} 不能并入自身\n    → 请写两个不同的客户\n`,
  circle: (customer, into, first) =>
    `regrade：${into} 已并入 ${customer}\n    → 请先将其分出：regrade unmerge ${first} --why …\n`,
  unmerged: (customer, into) => `${customer} 将从 ${into} 分出。\n`,
  notMerged: (customer) => `regrade：${customer} 没有并入其他客户，无需撤销\n`,
};

export const customerTexts: Readonly<Record<Language, CustomerTexts>> = { en: english, zh: chinese };
