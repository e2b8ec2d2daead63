import type { Text } from './text.ts';

const those = (names: readonly string[]): Text =>
  names.length === 0
    ? { en: 'there are none', zh: '目前没有' }
    : { en: `there are ${names.join(', ')}`, zh: `现有：${names.join('、')}` };

const unknown = (kind: Text, id: string, known: readonly string[]): Text => ({
  en: `unknown ${kind.en} ${id}; ${those(known).en}`,
  zh: `没有名为 ${id} 的${kind.zh}；${those(known).zh}`,
});

/** What is said about a model that cannot be compiled. */
export const modelFaultTexts = {
  unknownSignal: (id: string, known: readonly string[]) => unknown({ en: 'signal', zh: '信号' }, id, known),
  unknownGroup: (id: string, known: readonly string[]) => unknown({ en: 'group', zh: '分组' }, id, known),
  unknownGrade: (id: string, known: readonly string[]) => unknown({ en: 'grade', zh: '等级' }, id, known),
  unknownFactor: (id: string, known: readonly string[]) => unknown({ en: 'factor', zh: '评分因子' }, id, known),
  twice: (id: string): Text => ({
    en: `${id} is named twice; give one of them another name`,
    zh: `${id} 写了两次；请给其中一个换名`,
  }),
  listSide: (needed: boolean): Text =>
    needed
      ? { en: 'in needs a list on its right', zh: 'in 的右边应是列表' }
      : { en: 'a list belongs on the right of in', zh: '列表只能放在 in 的右边' },
  noNumber: (op: string, value: string): Text => ({
    en: `${op} compares numbers; ${value} is none`,
    zh: `${op} 只比较数字；${value} 不是数字`,
  }),

  pointsNeedWeight: {
    en: 'points need a weight; where the signal is the score write missing: { value: … }',
    zh: 'points 需要权重；信号本身就是得分时请写 missing: { value: … }',
  },
  weightsSum: (total: number): Text => ({
    en: `weights sum to ${total}, not 100`,
    zh: `权重之和是 ${total}，应为 100`,
  }),
  mapOfMoving: {
    en: 'a decayed signal is a number that moves all the time; use bands, linear or saturate',
    zh: '带衰减的信号是时刻变化的数字；请改用 bands、linear 或 saturate',
  },
  sameEnds: { en: 'from and to must differ', zh: 'from 和 to 不能相同' },
  limitsTurn: (direction: 1 | -1, limit: number, before: number): Text => ({
    en: `limits must ${direction > 0 ? 'grow' : 'fall'} from band to band: ${limit} follows ${before}`,
    zh: `各档界限必须依次${direction > 0 ? '递增' : '递减'}：${before} 之后是 ${limit}`,
  }),

  noRankedGrade: {
    en: 'at least one grade must be ranked',
    zh: '至少要有一个参与排序的等级（ranked）',
  },
  notRanked: (grade: string, use: string): Text => ({
    en: `${grade} is not ranked, so it is no ${use}`,
    zh: `${grade} 不参与排序，不能用作 ${use}`,
  }),
  bandsOver: {
    en: 'bands go over a signal, field, group, coverage or the score',
    zh: 'bands 只能用于信号、字段、分组、覆盖率或得分',
  },
  meansAreShares: {
    en: "a factor's mean is a share of its weight, 0 to 1",
    zh: '因子的均值是其权重的占比，应在 0 到 1 之间',
  },
  quantilesGrow: (value: number, before: number): Text => ({
    en: `quantiles must not fall: ${value} follows ${before}`,
    zh: `分位数不能递减：${before} 之后是 ${value}`,
  }),
  /** `message` is about a setting of the model that a segment's own settings do not go with. */
  withSettings: (setting: string, message: Text): Text => ({
    en: `with these settings, ${setting}: ${message.en}`,
    zh: `套用这些设置后，${setting}：${message.zh}`,
  }),
} as const;
