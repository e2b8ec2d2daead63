import type { Instant } from '../../../shared/domain/instant.ts';
import type { OutcomeRule } from '../../../shared/grading/backtest/known-outcomes.ts';
import { type BacktestReport, runBacktest } from '../../../shared/grading/backtest/run-backtest.ts';
import { compileModel } from '../../../shared/grading/compile-model.ts';
import { unguarded } from '../../../shared/grading/unguarded.ts';
import type { LoadedModel } from '../../node/workspace/load-workspace.ts';
import { backtestTexts } from '../backtest-texts.ts';
import type { CliContext, ExitCode } from '../context.ts';
import { loadModels } from '../load-models.ts';
import { parseWhen } from '../parse-when.ts';
import { type PlayedHistory, printBacktest } from '../print-backtest.ts';
import { printable } from '../print-table.ts';
import { noProgress, type Progress, progressBar } from '../progress.ts';
import { type History, type HistoryOptions, readHistory } from '../read-history.ts';

export interface BacktestOptions extends HistoryOptions {
  readonly model: readonly string[];
  readonly json: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly guards: 'on' | 'off';
  readonly countFirst?: boolean;
  /** Types of facts, separated by commas. */
  readonly won?: string;
  readonly lost?: string;
  readonly repurchase?: string;
  readonly churn?: string;
  /** Days. */
  readonly within: number;
}

/** Plays a history by one or several models and counts what they would have changed. */
export const backtest = async (context: CliContext, options: BacktestOptions): Promise<ExitCode> => {
  const asked = await understand(context, options);
  if (typeof asked !== 'object') {
    if (asked !== undefined) context.err(`regrade: ${asked}`);
    return 1;
  }
  const { models, history, time, outcomes } = asked;
  const progress = context.isTerminal ? progressBar(history.events.length * models.length) : noProgress;
  const played = models.map((loaded) => ({
    loaded,
    report: play(loaded, history, { ...time, outcomes, options, progress }),
  }));
  progress.stop();
  const { countFirst: countsFirst = false, guards } = options;
  const timezone = models[0]?.model.timezone ?? 'UTC';
  const { withoutCustomer } = history;
  const shown = { ...time, timezone, withoutCustomer, countsFirst, guards, played };
  context.out(options.json ? `${JSON.stringify(jsonOf(shown), null, 2)}\n` : printBacktest(shown, context.language));
  return 0;
};

interface Time {
  readonly from: Instant;
  readonly to: Instant;
}

interface Asked {
  readonly models: readonly LoadedModel[];
  readonly history: History;
  readonly time: Time;
  readonly outcomes: OutcomeRule | undefined;
}

/** All that is to be played, or what is odd about it; nothing after that was told already. */
const understand = async (context: CliContext, options: BacktestOptions): Promise<Asked | string | undefined> => {
  const texts = backtestTexts[context.language];
  const outcomes = outcomesOf(options);
  if (outcomes === 'odd') return texts.outcomes;
  const models = await loadModels(context, options.model);
  const first = models?.[0]?.model;
  if (models === undefined || first === undefined) return undefined;
  if (models.some(({ model }) => differsFrom(first, model))) return texts.zones;
  const history = await readHistory(context, options, first);
  if (history === undefined) return undefined;
  const [start, end] = [history.events[0], history.events.at(-1)];
  if (start === undefined || end === undefined) return texts.noFacts;
  const when = (option: 'from' | 'to', otherwise: Instant): Instant | undefined => {
    const text = options[option];
    return text === undefined ? otherwise : parseWhen(text, { now: end.fact.at, timezone: first.timezone });
  };
  const [from, to] = [when('from', start.fact.at), when('to', end.fact.at)];
  if (from === undefined) return texts.oddWhen('--from', printable(options.from ?? ''));
  if (to === undefined) return texts.oddWhen('--to', printable(options.to ?? ''));
  if (from > to) return texts.backwards;
  return { models, history, time: { from, to }, outcomes };
};

type Read = LoadedModel['model'];

const differsFrom = (one: Read, other: Read): boolean =>
  one.timezone !== other.timezone || one.currency !== other.currency || one.subject !== other.subject;

const msPerDay = 86_400_000;

const typesIn = (text: string | undefined): readonly string[] =>
  (text ?? '').split(',').flatMap((each) => (each.trim() === '' ? [] : [each.trim()]));

const outcomesOf = ({ within, ...options }: BacktestOptions): OutcomeRule | 'odd' | undefined => {
  const { won, lost, repurchase, churn } = options;
  const asked = [won ?? lost, repurchase, churn].filter((each) => each !== undefined);
  if (asked.length === 0) return undefined;
  if (asked.length > 1 || (won === undefined) !== (lost === undefined)) return 'odd';
  if (won !== undefined) return { kind: 'closed', won: typesIn(won), lost: typesIn(lost) };
  const kind = churn === undefined ? 'repurchase' : 'churn';
  return { kind, types: typesIn(repurchase ?? churn), within: within * msPerDay };
};

interface Playing extends Time {
  readonly outcomes: OutcomeRule | undefined;
  readonly options: BacktestOptions;
  readonly progress: Progress;
}

/** Steps of the bar at a time. */
const stride = 500;

const play = ({ model, hash }: LoadedModel, { events }: History, playing: Playing): BacktestReport => {
  const { from, to, outcomes, options, progress } = playing;
  const { countFirst: countsFirst = false, guards } = options;
  const grader = compileModel(guards === 'off' ? unguarded(model) : model, hash);
  const running = runBacktest(grader, { from, to, countsFirst, outcomes });
  for (const [index, event] of events.entries()) {
    running.put(event);
    if (index % stride === stride - 1) progress.add(stride);
  }
  return running.finish();
};

/** Instants as ISO 8601 in UTC. */
const jsonOf = ({ from, to, played, ...rest }: PlayedHistory): object => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
  ...rest,
  models: played.map(({ loaded: { model, hash, file }, report }) => ({
    model: { id: model.id, version: model.version, hash, file },
    ...report,
  })),
});
