import type { Profile } from '#shared/domain/profile.ts';
import { compileModel } from '#shared/grading/compile-model.ts';
import { Model } from '#shared/grading/model.ts';
import type { Answer, Row } from './answer.ts';
import type { Bench } from './bench.ts';
import { handWritten } from './grading-closure.ts';
import { logicEngine, ruleEngine } from './grading-engines.ts';
import { type BenchFactor, benchCustomers, benchFactors, benchModelFile, gradedAt } from './grading-model.ts';

export interface GradingBench {
  readonly factors: number;
  readonly facts: number;
  readonly windows: boolean;
  readonly reasons: boolean;
  /** Evaluations per second of processor time. */
  readonly ours: number;
  /** Ours with the next timer computed too. */
  readonly oursWithTimer: number;
  readonly handWritten: number;
  readonly jsonRulesEngine: number;
  readonly jsonLogic: number;
  /** Customers on which all were seen to agree before anything was timed. */
  readonly agreed: number;
}

type Grade = (customer: Profile, now: number) => string;

/** Grades the same customers by the same model in four ways, in one run. Throws when two of them disagree on anybody. */
export const benchGrading = async ({
  customers = 2_000,
  ms = 700,
  facts = 10,
} = {}): Promise<readonly GradingBench[]> => {
  const population = benchCustomers(customers, facts);
  const results: GradingBench[] = [];
  for (const count of [10, 25, 50] as const)
    for (const windows of [false, true])
      for (const reasons of [false, true]) {
        const factors = benchFactors(count);
        const contest = contestants(factors, windows, reasons);
        const agreed = await checkAgreement(population, contest);
        results.push({
          ...{ factors: count, facts, windows, reasons, agreed },
          ours: rate(population, contest.ours, ms),
          oursWithTimer: rate(population, contest.oursWithTimer, ms),
          handWritten: rate(population, contest.handWritten, ms),
          jsonRulesEngine: await asyncRate(population, contest.jsonRulesEngine, ms),
          jsonLogic: rate(population, contest.jsonLogic, ms),
        });
      }
  return results;
};

const contestants = (factors: readonly BenchFactor[], windows: boolean, reasons: boolean) => {
  const grader = compileModel(Model.parse(benchModelFile(factors, windows)), 'bench');
  const byHand = handWritten(factors, windows, reasons);
  const because: Grade = (customer, now) => grader.contributions(customer, now)[0]?.factor ?? '';
  const withReasons =
    (grade: Grade): Grade =>
    (customer, now) => {
      const found = grade(customer, now);
      if (reasons && because(customer, now) === '') throw new Error('a grade without a reason');
      return found;
    };
  return {
    ours: withReasons((customer, now) => grader.decide(customer, now).effective ?? ''),
    oursWithTimer: withReasons((customer, now) => grader.grade(customer, now).effective ?? ''),
    handWritten: (customer: Profile, now: number) => byHand(customer, now).grade,
    jsonRulesEngine: ruleEngine(factors, windows),
    jsonLogic: logicEngine(factors, windows, reasons),
  };
};

type Contest = ReturnType<typeof contestants>;

const checkAgreement = async (population: readonly Profile[], contest: Contest): Promise<number> => {
  for (const [i, customer] of population.entries()) {
    const grades = [
      contest.ours(customer, gradedAt),
      contest.oursWithTimer(customer, gradedAt),
      contest.handWritten(customer, gradedAt),
      await contest.jsonRulesEngine(customer, gradedAt),
      contest.jsonLogic(customer, gradedAt),
    ];
    if (new Set(grades).size !== 1) throw new Error(`customer ${i} is graded ${grades.join(', ')}`);
  }
  return population.length;
};

const rate = (population: readonly Profile[], grade: Grade, ms: number): number => {
  for (const customer of population) grade(customer, gradedAt);
  let evaluations = 0;
  const begun = processorMs();
  while (processorMs() - begun < ms) {
    for (const customer of population) grade(customer, gradedAt);
    evaluations += population.length;
  }
  return (evaluations * 1_000) / (processorMs() - begun);
};

const asyncRate = async (
  population: readonly Profile[],
  grade: (customer: Profile, now: number) => Promise<string>,
  ms: number,
): Promise<number> => {
  let evaluations = 0;
  const begun = processorMs();
  while (processorMs() - begun < ms) {
    const customer = population[evaluations % population.length];
    if (customer !== undefined) await grade(customer, gradedAt);
    evaluations += 1;
  }
  return (evaluations * 1_000) / (processorMs() - begun);
};

/** Processor time of this process: other work on the machine does not count. */
const processorMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** How many customers one core grades per second, by the same model in four ways. */
export const askGrading = async ({ sizes, tell }: Bench): Promise<readonly Answer[]> => {
  const answers: Answer[] = [];
  for (const facts of [10, 100]) {
    tell(`grading customers of ${facts} facts`);
    const results = await benchGrading({ facts, ...sizes.grading });
    answers.push({
      title: `Grading: evaluations per second of one core, customers of ${facts} facts`,
      rows: results.map(rowOf),
      notes: [
        `per second of processor time; all ways agreed on ${results[0]?.agreed ?? 0} customers before anything was timed`,
      ],
    });
  }
  return answers;
};

const rowOf = (result: GradingBench): Row => ({
  factors: result.factors,
  windows: result.windows ? 'yes' : 'no',
  reasons: result.reasons ? 'yes' : 'no',
  regrade: Math.round(result.ours),
  'with timer': Math.round(result.oursWithTimer),
  'by hand': Math.round(result.handWritten),
  'json-rules-engine': Math.round(result.jsonRulesEngine),
  'json-logic-engine, compiled': Math.round(result.jsonLogic),
  '× json-rules-engine': result.ours / result.jsonRulesEngine,
  '× json-logic-engine': result.ours / result.jsonLogic,
  '× by hand': result.ours / result.handWritten,
});
