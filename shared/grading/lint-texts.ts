import type { Text } from './text.ts';

/** What is said about a model that works, and perhaps not as its author thinks. */
export const lintTexts = {
  unreachable: (earlier: string): Text => ({
    en: `never reached: whenever it holds, ${earlier} before it does; move it up or remove it`,
    zh: `永远用不到：它成立时，前面的 ${earlier} 也必定成立；请上移或删除`,
  }),
  movingOrder: (signals: readonly string[]): Text => ({
    en: `places change although nothing happens, because ${signals.join(', ')} ${signals.length === 1 ? 'does' : 'do'}: each time a fact ceases to count, or at midnight, customers are ranked again`,
    zh: `即使没有新业务，名次也会变化，因为 ${signals.join('、')} 随时间变化：每当有事实过期，或到零点，客户都会重新排名`,
  }),
  exitBeyondNext: (grade: string, exit: number, next: string, end: number): Text => ({
    en: `the exit of ${grade} lies at ${exit}, beyond all of ${next}, which ends at ${end}: whoever leaves ${grade} skips ${next}; make down smaller`,
    zh: `${grade} 的退出线在 ${exit}，越过了整个 ${next}（到 ${end} 为止）：离开 ${grade} 会跳过 ${next}；请减小 down`,
  }),
  entryBeyondBetter: (grade: string, entry: number, better: string, start: number): Text => ({
    en: `the entrance of ${grade} lies at ${entry}, inside ${better}, which begins at ${start}; make up smaller`,
    zh: `${grade} 的进入线在 ${entry}，已进入 ${better}（从 ${start} 起）；请减小 up`,
  }),
  tieBreakWithoutId: {
    en: 'customers may still be equal after these: end with id, which tells any two apart',
    zh: '按这些比较后客户仍可能相同：请以 id 结尾，它能区分任意两个客户',
  },
  unreachableCap: (cap: number, most: number): Text => ({
    en: `the factors give ${most} points at most: a cap of ${cap} is never reached`,
    zh: `各因子最多共 ${most} 分：达不到上限 ${cap}`,
  }),
  unreachableLimit: (limit: number, most: number): Text => ({
    en: `never reached: the limit is ${limit}, the most there can be is ${most}`,
    zh: `永远达不到：界限是 ${limit}，而最大值只有 ${most}`,
  }),
  alwaysReached: (limit: number, least: number): Text => ({
    en: `nothing lies below ${limit}, the least there can be is ${least}: what comes after is never reached`,
    zh: `没有低于 ${limit} 的值，最小值就是 ${least}：其后的永远用不到`,
  }),
  sameLabel: (label: string): Text => ({
    en: `the next band says ${label} too: this limit divides nothing`,
    zh: `下一档也是 ${label}：这个界限不起作用`,
  }),
  noLabelForUnknown: {
    en: 'whoever it is unknown of gets no label: add missing, e.g. missing: unknown',
    zh: '值未知的客户没有标签：请添加 missing，例如 missing: unknown',
  },
  unusedSignal: (id: string): Text => ({
    en: `nothing looks at ${id}: use it in the score, a guard, a tie-break or a tag, or remove it`,
    zh: `${id} 没有被用到：请在得分、规则、并列条件或标签中使用，或删除`,
  }),
  unusedGrade: (grade: string): Text => ({
    en: `no cell gives ${grade}`,
    zh: `没有任何单元格给出 ${grade}`,
  }),
  aliveAsGuard: (signal: string): Text => ({
    en: `BG/NBD takes everybody who bought once for alive: ${signal} stays 1 for them for ever; use mbgnbd.alive, or days since the last purchase`,
    zh: `BG/NBD 认为只买过一次的客户永远活跃：其 ${signal} 始终为 1；请改用 mbgnbd.alive 或距上次购买的天数`,
  }),
  noPopulation: {
    en: 'without a snapshot of all customers points are told from zero: run `regrade fit population`, which writes population',
    zh: '没有全体客户的快照，分数将从零说明：请运行 `regrade fit population`，它会写入 population',
  },
  otherScore: {
    en: 'these customers are scored in another way and still ranked with all others: write cutoffs into this segment too to rank them by themselves',
    zh: '这些客户的计分方式不同，却仍与其他客户一起排名：要单独排名，请在此分段中也写明 cutoffs',
  },
} as const;
