import type { Language } from '../../../shared/domain/message.ts';

const english = {
  oddAsOf: (text: string) => `--as-of ${text} is no point in time\n    → write 2026-03-01 or 2026-03-01T09:00\n`,
  writeWhere: '--write needs a file to write to\n    → name it with --model\n',
  paste: 'For a model file:\n\n',
  written: (file: string) => `${file} was changed:\n\n`,
  cannotEdit: (file: string) =>
    `${file} was not changed: a section that would get a new line is written in braces\n    → write it one member a line, or paste what the command prints without --write\n`,
  notWritten: (file: string) => `${file} was not changed: with the new values it would have these faults\n`,
  withoutCustomer: (rows: string) => `${rows} rows name no customer and are left out.\n`,
};

export type FitTexts = typeof english;

const chinese: FitTexts = {
  oddAsOf: (text) => `--as-of ${text} 不是时间\n    → 写作 2026-03-01 或 2026-03-01T09:00\n`,
  writeWhere: '--write 需要一个要写入的文件\n    → 请用 --model 指定\n',
  paste: '可放入模型文件：\n\n',
  written: (file) => `${file} 已修改：\n\n`,
  cannotEdit: (file) =>
    `${file} 未修改：需要新增一行的部分写在了花括号里\n    → 请改为每行一项，或把不带 --write 时的输出粘贴进去\n`,
  notWritten: (file) => `${file} 未修改：写入新值后会出现上述错误\n`,
  withoutCustomer: (rows) => `${rows} 行没有客户，未计入。\n`,
};

export const fitTexts: Readonly<Record<Language, FitTexts>> = { en: english, zh: chinese };
