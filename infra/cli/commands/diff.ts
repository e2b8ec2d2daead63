import type { Language } from '../../../shared/domain/message.ts';
import { type Difference, diffModels } from '../../../shared/grading/diff-models.ts';
import { pathText } from '../../node/workspace/problem.ts';
import type { CliContext, ExitCode, GlobalOptions } from '../context.ts';
import { modelNamed } from '../model-named.ts';
import { printable } from '../print-table.ts';

export interface DiffOptions extends GlobalOptions {
  readonly before: string;
  readonly after: string;
  readonly json: boolean;
}

/** What two models say differently, be they files or published versions. Differences are no failure. */
export const diff = async (context: CliContext, options: DiffOptions): Promise<ExitCode> => {
  const { before, after, json } = options;
  const [old, now] = [await modelNamed(context, before, options), await modelNamed(context, after, options)];
  if (old === undefined || now === undefined) return 1;
  const differences = diffModels(old, now);
  const said = differences.map((difference) => ({ ...difference, path: pathText(difference.path) }));
  context.out(json ? `${JSON.stringify(said, null, 2)}\n` : report(differences, context.language));
  return 0;
};

const report = (differences: readonly Difference[], language: Language): string => {
  const text = texts[language];
  if (differences.length === 0) return text.same;
  const sections = [...new Set(differences.map(({ path }) => path[0] ?? ''))];
  return sections
    .map((section) => {
      const own = differences.filter(({ path }) => path[0] === section);
      return `${text.sections[section] ?? section}\n${own.map((each) => `  ${sentence(each, language)}\n`).join('')}`;
    })
    .join('\n');
};

const sentence = ({ path, kind, before, after }: Difference, language: Language): string => {
  const text = texts[language];
  const where = pathText(path);
  switch (kind) {
    case 'added':
      return printable(`${where}  ${text.added(valueText(after))}`);
    case 'removed':
      return printable(`${where}  ${text.removed(valueText(before))}`);
    case 'changed':
      return printable(`${where}  ${valueText(before)} → ${valueText(after)}`);
    case 'reordered':
      return printable(`${where}  ${text.reordered(valueText(before), valueText(after))}`);
  }
};

const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

interface DiffTexts {
  readonly same: string;
  readonly added: (value: string) => string;
  readonly removed: (value: string) => string;
  readonly reordered: (before: string, after: string) => string;
  readonly sections: Readonly<Record<string, string>>;
}

const texts: Readonly<Record<Language, DiffTexts>> = {
  en: {
    same: 'The models say the same.\n',
    added: (value) => `added: ${value}`,
    removed: (value) => `removed: ${value}`,
    reordered: (before, after) => `in another order: ${before} → ${after}`,
    sections: {
      id: 'Name',
      version: 'Version',
      title: 'Title',
      subject: 'Who is graded',
      scope: 'Who is graded',
      partitions: 'Who is ranked against whom',
      timezone: 'Calendar',
      currency: 'Currency',
      signals: 'Signals',
      score: 'Score',
      grades: 'Grades',
      cutoffs: 'Cut-offs',
      guards: 'Guards',
      stability: 'Stability',
      segments: 'Segments',
      tags: 'Tags',
      explain: 'Explanations',
      population: 'Population',
    },
  },
  zh: {
    same: '两个模型相同。\n',
    added: (value) => `新增：${value}`,
    removed: (value) => `删除：${value}`,
    reordered: (before, after) => `顺序改变：${before} → ${after}`,
    sections: {
      id: '名称',
      version: '版本',
      title: '标题',
      subject: '评级对象',
      scope: '评级对象',
      partitions: '排名范围',
      timezone: '日历',
      currency: '货币',
      signals: '信号',
      score: '得分',
      grades: '等级',
      cutoffs: '分界',
      guards: '保护规则',
      stability: '稳定性',
      segments: '分段',
      tags: '标签',
      explain: '解释',
      population: '总体',
    },
  },
};
