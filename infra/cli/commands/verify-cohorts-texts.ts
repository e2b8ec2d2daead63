import type { CohortDrift } from '../../../shared/usecases/audit-cohort.ts';

type Figure = Exclude<CohortDrift['what'], 'place'>;

const english = {
  counted: (cohorts: number, members: number) =>
    `Counted ${cohorts} cohort${cohorts === 1 ? '' : 's'} of ${members} member${members === 1 ? '' : 's'}.\n`,
  exact: 'Every cut is where the order of its members puts it.\n',
  retired: (count: number) =>
    `${count} more belong${count === 1 ? 's' : ''} to models that are not in use: not counted.\n`,
  moved: (cohorts: readonly string[]) =>
    `Moved while they were counted, try again when less is going on: ${cohorts.join(', ')}\n`,
  found: (count: number) => `${count} difference${count === 1 ? '' : 's'}:\n`,
  cohort: 'Cohort',
  where: 'Where',
  expected: 'Should be',
  is: 'Is',
  place: (customer: string) => `place of ${customer}`,
  ofCut: (what: string, cut: number) => `${what}, cut ${cut}`,
  what: {
    members: 'members',
    worth: 'worth',
    cut: 'last inside',
    inside: 'members inside',
    'worth inside': 'worth inside',
    tie: 'tied with the next',
  } as Readonly<Record<Figure, string>>,
};

export type CohortTexts = typeof english;

const chinese: CohortTexts = {
  counted: (cohorts, members) => `已核对 ${cohorts} 个排名组，共 ${members} 个成员。\n`,
  exact: '每条分界线都在成员次序所定的位置。\n',
  retired: (count) => `另有 ${count} 个属于已停用的模型：未核对。\n`,
  moved: (cohorts) => `核对期间有变动，请在空闲时再试：${cohorts.join('、')}\n`,
  found: (count) => `发现 ${count} 处差异：\n`,
  cohort: '排名组',
  where: '位置',
  expected: '应为',
  is: '实为',
  place: (customer) => `${customer} 的名次`,
  ofCut: (what, cut) => `第 ${cut} 条分界线：${what}`,
  what: {
    members: '成员数',
    worth: '总值',
    cut: '线内最后一名',
    inside: '线内成员数',
    'worth inside': '线内总值',
    tie: '与下一名同分',
  },
};

export const cohortTexts = { en: english, zh: chinese } as const;
