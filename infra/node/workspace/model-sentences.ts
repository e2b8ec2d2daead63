/** Sentences of the grading model's schema in Chinese. */
export const modelSentencesInChinese: Readonly<Record<string, string>> = {
  'a name starts with a letter; letters, digits, _ and - follow': '名称以字母开头，其后可用字母、数字、_ 和 -',
  'a text is one string, or { zh: …, en: … }': '文字写成一个字符串，或 { zh: …, en: … }',
  'a text needs zh, en or both': '文字需要 zh、en 之一或两者都写',
  'apiVersion is grading/v1': 'apiVersion 应为 grading/v1',
  'kind is GradingModel': 'kind 应为 GradingModel',
  'subject is one of account, contact, lead': 'subject 应为 account、contact、lead 之一',
  'not a time zone of the IANA database, e.g. Asia/Shanghai or Europe/Berlin':
    '不是 IANA 时区名称，例如 Asia/Shanghai 或 Europe/Berlin',
  'a currency is a code of three capital letters, e.g. CNY': '币种是三个大写字母的代码，例如 CNY',
  'a fact type is written subject.happened': '事实类型写作“对象.发生的事”，例如 invoice.paid',
  'a duration is written in ISO 8601, e.g. P30D, P3M, P1Y or PT12H':
    '时长按 ISO 8601 书写，例如 P30D、P3M、P1Y 或 PT12H',
  'a duration of zero covers nothing': '时长不能为零',

  'a signal comes from { attribute: name }, { events: [invoice.paid, …] } or { model: bgnbd.alive, params: { … } }':
    '信号来自 { attribute: 名称 }、{ events: [invoice.paid, …] } 或 { model: bgnbd.alive, params: { … } }',
  'name at least one kind of fact, e.g. invoice.paid': '至少写一种事实，例如 invoice.paid',
  'name at least one kind of purchase, e.g. invoice.paid': '至少写一种购买事实，例如 invoice.paid',
  'model is one of bgnbd.alive, bgnbd.expected, mbgnbd.alive, mbgnbd.expected, gammagamma.mean, clv, logistic, naiveBayes':
    'model 应为 bgnbd.alive、bgnbd.expected、mbgnbd.alive、mbgnbd.expected、gammagamma.mean、clv、logistic、naiveBayes 之一',
  'q must be above 1: there is no mean otherwise': 'q 必须大于 1，否则没有均值',
  'the time unit is day or week': '时间单位是 day 或 week',
  'a value is read from amount, or from fields.<name>': '数值读自 amount，或 fields.<名称>',
  'a sign is 1 or -1': 'sign 应为 1 或 -1',
  'a value is { path: amount } or { perEvent: { meeting.held: 5, … } }':
    'value 写作 { path: amount } 或 { perEvent: { meeting.held: 5, … } }',
  'a window is { last: P365D, align: day } or { lifetime: true }':
    'window 写作 { last: P365D, align: day } 或 { lifetime: true }',
  'missing is { value: … } or { points: 0 to 1 }': 'missing 写作 { value: … } 或 { points: 0 到 1 }',
  'agg is one of sum, count, avg, min, max, last, distinct, daysSinceLast, daysSinceFirst':
    'agg 应为 sum、count、avg、min、max、last、distinct、daysSinceLast、daysSinceFirst 之一',
  'a decay is aligned to the instant or to the day': 'decay 的 align 应为 instant 或 day',

  'combine is single or weightedSum': 'combine 应为 single 或 weightedSum',
  'name at least one factor': '至少写一个因子',
  'a weight is a positive number of points; turn the scale round to punish': '权重是正数；要扣分请把刻度反过来',
  'a scale is one of bands, bandsBelow, linear, saturate, map, log, percentile':
    'scale 应为 bands、bandsBelow、linear、saturate、map、log、percentile 之一',
  'a factor yields 0 to 1': '因子的取值在 0 到 1 之间',
  'a band is [limit, share], e.g. [200, 0.8]': '一档写作 [界限, 占比]，例如 [200, 0.8]',
  'name at least one band': '至少写一档',

  'name at least two grades, best first': '至少写两个等级，从最好的开始',
  'method is rank, share, absolute or matrix': 'method 应为 rank、share、absolute 或 matrix',
  'a portion lies between 0 and 1, e.g. 0.2 for the best 20 %': '比例在 0 到 1 之间，例如 0.2 表示前 20 %',
  'a portion lies between 0 and 1, e.g. 0.2 for the best 20 %; the last grade takes the rest':
    '比例在 0 到 1 之间，例如 0.2 表示前 20 %；最后一个等级取其余',
  'a portion has at most 6 decimals': '比例最多 6 位小数',
  'a fallback is { method: absolute, atLeast: { … } }': 'fallback 写作 { method: absolute, atLeast: { … } }',
  'a tie-break is { signal: name, dir: desc } or id': '并列条件写作 { signal: 名称, dir: desc } 或 id',
  'ties is byKey, include or exclude': 'ties 应为 byKey、include 或 exclude',
  'boundary is start or end': 'boundary 应为 start 或 end',
  'rows and cols are { group: id, ge: [[limit, label], …], else: label }, or groups: [ids]':
    'rows 和 cols 写作 { group: 名称, ge: [[界限, 标签], …], else: 标签 }，或 groups: [名称]',

  'then is { grade: … }, { cap: … }, { floor: … } or { hold: true }':
    'then 写作 { grade: … }、{ cap: … }、{ floor: … } 或 { hold: true }',
  'a condition is one of all, any, not, exists, lt, le, gt, ge, eq, ne, in':
    '条件应为 all、any、not、exists、lt、le、gt、ge、eq、ne、in 之一',
  'name at least one condition': '至少写一个条件',
  'a comparison takes two operands, e.g. [{ field: lifecycle }, customer]':
    '比较需要两边，例如 [{ field: lifecycle }, customer]',
  'compare a value, a list, { field: name }, { signal: id }, { group: id }, { coverage: group } or { score: true }':
    '可比较的是值、列表、{ field: 名称 }、{ signal: 名称 }、{ group: 名称 }、{ coverage: 分组 } 或 { score: true }',
  'inside where compare a value, a list or { field: name } of the fact':
    'where 中可比较的是值、列表或事实的 { field: 名称 }',
  'unit is rank, score or relative': 'unit 应为 rank、score 或 relative',
  'a margin is 0 or more': '缓冲带不能小于 0',
  'a change is at least one grade; null sets no limit': '每次至少变动一级；null 表示不限',

  'a tag is one of bands, field, matrix': '标签应为 bands、field、matrix 之一',
  'a label is a text or a number': '标签是文字或数字',
  'a band is [limit, label], e.g. [500000, high]': '一档写作 [界限, 标签]，例如 [500000, high]',
  'baseline is population, cutoff or zero': 'baseline 应为 population、cutoff 或 zero',
  'asOf is an instant, e.g. 2026-03-01T00:00:00Z': 'asOf 是一个时刻，例如 2026-03-01T00:00:00Z',
  'name at least the least and the greatest value': '至少写最小值和最大值',
};
