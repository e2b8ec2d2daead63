import type { Instant } from '../../domain/instant.ts';
import type { CompiledGrader } from '../grader.ts';
import { type ChangeCounts, changeCounter } from './count-changes.ts';
import { type Judgement, judgeGrades } from './judge-grades.ts';
import { type OutcomeRule, type OutcomeWatch, watchOutcomes } from './known-outcomes.ts';
import { type ReplayedChange, type ReplayedEvent, replayHistory } from './replay.ts';

export interface BacktestSettings {
  readonly from: Instant;
  readonly to: Instant;
  readonly countsFirst: boolean;
  readonly outcomes?: OutcomeRule | undefined;
}

export interface BacktestReport extends ChangeCounts {
  readonly judgement?: Judgement;
}

export interface Backtest {
  /** Events come by their instants; those after the end are left out. */
  put(event: ReplayedEvent): void;
  finish(): BacktestReport;
}

/** Plays a history by a model and reports on the stretch of time asked for. `heard` gets every change, counted or not. */
export const runBacktest = (
  grader: CompiledGrader,
  { from, to, countsFirst, outcomes }: BacktestSettings,
  heard: (change: ReplayedChange) => void = () => undefined,
): Backtest => {
  const counter = changeCounter({ from, to, countsFirst, grades: grader.grades });
  const replay = replayHistory(grader, (change) => {
    counter.changed(change);
    heard(change);
  });
  const watch: OutcomeWatch | undefined =
    outcomes === undefined ? undefined : watchOutcomes(replay, outcomes, { from, to });
  return {
    put: (event) => {
      if (event.fact.at > to) return;
      watch?.before(event);
      counter.event(event.fact.at);
      replay.put(event);
    },
    finish: () => {
      replay.passTo(to);
      const counts = counter.finish();
      if (watch === undefined) return counts;
      const names = grader.grades.map(({ id }) => id);
      return { ...counts, judgement: judgeGrades(watch.finish(), names) };
    },
  };
};
