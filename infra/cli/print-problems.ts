import type { Language } from '../../shared/domain/message.ts';
import type { Problem } from '../node/workspace/problem.ts';
import { printable } from './print-table.ts';

/** One problem a line pair: where and what, then what to do. Editors and terminals link `file:line:column`. */
export const printProblems = (problems: readonly Problem[], language: Language): string =>
  problems
    .map(({ file, line, column, path, message, cure, severity }) => {
      const where = path === '' ? '' : `${path}: `;
      const first = `${file}:${line}:${column}: ${words[language][severity]}: ${printable(`${where}${message}`)}\n`;
      return cure === undefined ? first : `${first}    → ${printable(cure)}\n`;
    })
    .join('');

const words = { en: { error: 'error', warning: 'warning' }, zh: { error: '错误', warning: '提醒' } } as const;
