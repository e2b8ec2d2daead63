import { processorMs } from './process-figures.ts';
import { type LoadResult, type LoadSettings, raiseLoad } from './raw-load.ts';
import { median } from './statistics.ts';

/** One server under one kind of load. */
export interface Contestant {
  readonly name: string;
  readonly pid: number;
  /** The load of one turn. */
  readonly load: () => LoadSettings;
  /** Work that belongs to the turn although it was acknowledged before: ends when it is done. */
  readonly finish?: () => Promise<void>;
  /** After the turn, outside the measured time. */
  readonly rest?: () => Promise<void>;
}

/** Medians over all turns, where nothing else is said. */
export interface Standing {
  readonly name: string;
  /** Requests of all turns. */
  readonly answered: number;
  readonly perSecond: number;
  /** Per second, turn by turn. */
  readonly rates: readonly number[];
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time of the server per request; NaN where the system does not tell. */
  readonly serverMicros: number;
  readonly generatorBusy: number;
}

/** The contestants take turns, so that whatever else the machine does falls on all of them. */
export const compete = async (
  contestants: readonly Contestant[],
  rounds: number,
  tell: (progress: string) => void,
): Promise<readonly Standing[]> => {
  const turns = contestants.map((): Standing[] => []);
  for (let round = 1; round <= rounds; round += 1)
    for (const [index, contestant] of contestants.entries()) {
      tell(`round ${round} of ${rounds}: ${contestant.name}`);
      turns[index]?.push(await takeTurn(contestant));
      await contestant.rest?.();
    }
  return contestants.map(({ name }, index) => medianOf(name, turns[index] ?? []));
};

const takeTurn = async ({ name, pid, load, finish }: Contestant): Promise<Standing> => {
  const settings = load();
  const spentBefore = processorMs(pid);
  const begun = performance.now();
  const result: LoadResult = await raiseLoad(settings);
  await finish?.();
  const seconds = (performance.now() - begun) / 1_000;
  const spent = (processorMs(pid) ?? Number.NaN) - (spentBefore ?? Number.NaN);
  const perSecond = finish === undefined ? result.perSecond : result.answered / seconds;
  return {
    name,
    answered: result.answered,
    perSecond,
    rates: [perSecond],
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    serverMicros: (spent * 1_000) / result.answered,
    generatorBusy: result.generatorBusy,
  };
};

const medianOf = (name: string, turns: readonly Standing[]): Standing => {
  const of = (figure: (turn: Standing) => number): number => median(turns.map(figure));
  return {
    name,
    answered: turns.reduce((sum, { answered }) => sum + answered, 0),
    perSecond: of((turn) => turn.perSecond),
    rates: turns.map(({ perSecond }) => perSecond),
    p50Ms: of((turn) => turn.p50Ms),
    p99Ms: of((turn) => turn.p99Ms),
    serverMicros: of((turn) => turn.serverMicros),
    generatorBusy: of((turn) => turn.generatorBusy),
  };
};

/** How many times as fast: the median of turns that were neighbours in time, for the machine may be faster at one time than at another. */
export const timesAsFast = ({ rates }: Standing, reference: Standing): number =>
  median(rates.map((rate, turn) => rate / (reference.rates[turn] ?? Number.NaN)));

/** A line of a table: one standing, and how it compares with another. */
export const standingRow = (standing: Standing, reference: Standing) => ({
  contestant: standing.name,
  'per second': Math.round(standing.perSecond),
  '× bare': timesAsFast(standing, reference),
  'p50 ms': standing.p50Ms,
  'p99 ms': standing.p99Ms,
  'server µs each': Math.round(standing.serverMicros),
  'generator busy': `${Math.round(standing.generatorBusy * 100)} %`,
});
