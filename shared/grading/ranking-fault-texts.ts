import type { Text } from './text.ts';

/** What is said about cut-offs, and about what only goes with some of them. */
export const rankingFaultTexts = {
  gradesInOrder: (expected: readonly string[]): Text => ({
    en: `cut-offs must name ${expected.join(', ') || 'none'}, in this order: every ranked grade but the last`,
    zh: `分界须依次写明 ${expected.join('、') || '（无）'}：除最后一个以外的所有参与排序的等级`,
  }),
  scoresFall: (grade: string, score: number, better: string, before: number): Text => ({
    en: `${grade} begins at ${score}, not below ${better} (${before}); cut-offs must fall`,
    zh: `${grade} 从 ${score} 起，没有低于 ${better}（${before}）；分界必须递减`,
  }),
  portionsGrow: (grade: string, portion: number, better: string, before: number): Text => ({
    en: `${grade} goes down to ${portion}, not beyond ${better} (${before}); portions must grow`,
    zh: `${grade} 到 ${portion} 为止，没有超过 ${better}（${before}）；比例必须递增`,
  }),
  noFallback: (customers: number): Text => ({
    en: `with fewer than ${customers} customers something else must decide: add fallback: { method: absolute, atLeast: { … } }`,
    zh: `客户少于 ${customers} 个时须另有依据：请添加 fallback: { method: absolute, atLeast: { … } }`,
  }),
  fallbackWithoutMinimum: {
    en: 'a fallback decides below minPopulation: add minPopulation, e.g. 20, or remove the fallback',
    zh: 'fallback 在客户数低于 minPopulation 时生效：请添加 minPopulation（例如 20），或删除 fallback',
  },
  afterId: {
    en: 'no two customers have the same id: what follows it is never looked at; move id to the end',
    zh: '客户 id 不会相同，其后的条件永远用不到：请把 id 放到最后',
  },
  noCell: (cell: string): Text => ({
    en: `no grade for ${cell}: cells must name every combination of a row and a column`,
    zh: `${cell} 没有对应的等级：cells 须写明每一个行列组合`,
  }),
  foreignCell: (cell: string, known: readonly string[]): Text => ({
    en: `${cell} is no combination of a row and a column; there are ${known.join(', ')}`,
    zh: `${cell} 不是行与列的组合；可用：${known.join('、')}`,
  }),
  sameCell: (cell: string): Text => ({
    en: `two combinations are both called ${cell}; give rows or columns other labels`,
    zh: `有两个组合都叫 ${cell}；请更换行或列的标签`,
  }),
  partitionsNeedRanking: {
    en: 'partitions divide customers that are ranked: they go with cut-offs by rank or share; remove them',
    zh: 'partitions 用于划分参与排名的客户，只能与 rank 或 share 分界一起使用；请删除',
  },
  percentileNeedsRanking: {
    en: 'a percentile moves with everybody: it goes with cut-offs by rank or share; use bands, linear, log or saturate',
    zh: '百分位随全体客户变化，只能与 rank 或 share 分界一起使用；请改用 bands、linear、log 或 saturate',
  },
  percentileNeedsPopulation: (signal: string): Text => ({
    en: `percentile looks up ${signal} in a snapshot of all customers: run \`regrade fit population\`, which writes population.quantiles.${signal}`,
    zh: `percentile 需要全体客户的快照才能查 ${signal}：请运行 \`regrade fit population\`，它会写入 population.quantiles.${signal}`,
  }),
  rankUnit: {
    en: 'a margin by rank goes with cut-offs by rank or share; use unit: score or relative',
    zh: '按名次的缓冲带只能与 rank 或 share 分界一起使用；请改用 unit: score 或 relative',
  },
  matrixMargin: {
    en: 'cells have no margins: remove hysteresis; dwell and maxStep go with a matrix',
    zh: '矩阵没有缓冲带：请删除 hysteresis；dwell 和 maxStep 可以使用',
  },
  exitBeyondAll: (grade: string, exit: number): Text => ({
    en: `nobody would ever leave ${grade}: its exit lies at ${exit}, beyond all customers; it must stay below 1`,
    zh: `${grade} 将永远无法离开：其退出线在 ${exit}，超出全体客户；必须小于 1`,
  }),
  entryBeforeAll: (grade: string, entry: number): Text => ({
    en: `nobody would ever enter ${grade}: its entrance lies at ${entry}; it must stay above 0`,
    zh: `将无人能进入 ${grade}：其进入线在 ${entry}；必须大于 0`,
  }),
  marginDecimals: { en: 'a margin by rank has at most 6 decimals', zh: '按名次的缓冲带最多 6 位小数' },
  relativeMargin: {
    en: 'a relative margin is a portion of the cut-off, below 1: 0.1 is ten per cent',
    zh: '相对缓冲带是分界值的一部分，须小于 1：0.1 即百分之十',
  },
  scoreUnitAmongRanks: {
    en: 'customers that are ranked leave a grade by rank: use unit: rank, e.g. down: 0.02 for two of a hundred',
    zh: '按名次分级的客户按名次离开等级：请用 unit: rank，例如 down: 0.02 即百分之二',
  },
  dwellInMonths: {
    en: 'a dwell is a fixed time: write days, e.g. P30D instead of P1M',
    zh: '停留期是固定时长：请写天数，例如用 P30D 代替 P1M',
  },
  fadesAmongOthers: (halfLife: string): Text => ({
    en: `customers would change places at every moment: align it to the day: decay: { halfLife: ${halfLife}, align: day }`,
    zh: `客户的名次会时刻变化：请按天对齐：decay: { halfLife: ${halfLife}, align: day }`,
  }),
  fadesBelowZero: (halfLife: string): Text => ({
    en: `with points below zero the order changes at every moment: align it to the day: decay: { halfLife: ${halfLife}, align: day }`,
    zh: `有负分时名次会时刻变化：请按天对齐：decay: { halfLife: ${halfLife}, align: day }`,
  }),
  fixedAmongMoving: {
    en: 'a fixed value among values that move changes places at every moment: remove it, unknown ranks last',
    zh: '固定值夹在变动的值之间，名次会时刻变化：请删除，未知的排在最后',
  },
  shareMoves: (signal: string): Text => ({
    en: `${signal} moves for everybody all the time, so its total does: use cut-offs by rank, or a sum over a window`,
    zh: `${signal} 对所有人都时刻变化，总和也随之变化：请改用 rank 分界，或按窗口求和的信号`,
  }),
  needsOwnCohort: {
    en: 'customers that are ranked together need the same entrances and exits: write cutoffs into this segment too, then it is ranked by itself',
    zh: '一起排名的客户须使用相同的进入线和退出线：请在此分段中也写明 cutoffs，使其单独排名',
  },
  needsOwnRanking: {
    en: 'customers that are ranked together need scores of one kind: write cutoffs into this segment too, then it is ranked by itself',
    zh: '一起排名的客户须使用同一种得分：请在此分段中也写明 cutoffs，使其单独排名',
  },
} as const;
