import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  add(steps: number): void;
  stop(): void;
}

export const noProgress: Progress = { add: () => undefined, stop: () => undefined };

/** A bar on stderr that goes when it is full. */
export const progressBar = (total: number): Progress => {
  const bar = new SingleBar(
    { format: '{bar} {percentage} %  {value}/{total}  {eta_formatted}', clearOnComplete: true },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return { add: (steps) => bar.increment(steps), stop: () => bar.stop() };
};

/** Tells about every tenth, for a log. */
export const plainProgress = (total: number, tell: (done: number) => void): Progress => {
  let [done, told] = [0, 0];
  return {
    add: (steps) => {
      done += steps;
      const tenths = Math.floor((done * 10) / total);
      if (tenths > told && done < total) tell(done);
      told = Math.max(told, tenths);
    },
    stop: () => undefined,
  };
};
