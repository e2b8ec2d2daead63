import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Cause } from '#shared/domain/change.ts';
import { emptyCuts } from '#shared/domain/cohort.ts';
import type { Attributes, Fact } from '#shared/domain/fact.ts';
import { CustomerId } from '#shared/domain/ids.ts';
import type { Profile } from '#shared/domain/profile.ts';
import { compileModel } from '#shared/grading/compile-model.ts';
import type { CompiledGrader, Explained, Graded, Standing } from '#shared/grading/grader.ts';
import { Model } from '#shared/grading/model.ts';

/** A model file of the fixtures, as YAML reads it. */
export const modelFile = (name: string): Record<string, unknown> =>
  parse(readFileSync(new URL(`../fixtures/models/${name}.yaml`, import.meta.url), 'utf8')) as Record<string, unknown>;

/** A valid small model: score is the sum of `points.given` facts within the window; `changes` replace top-level settings. */
export const smallModel = (changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  apiVersion: 'grading/v1',
  kind: 'GradingModel',
  id: 'small',
  version: 1,
  title: 'Small',
  subject: 'account',
  timezone: 'Asia/Shanghai',
  currency: 'CNY',
  signals: {
    sales: {
      from: { events: ['invoice.paid'] },
      value: { path: 'amount' },
      agg: 'sum',
      window: { last: 'P30D', align: 'day' },
    },
  },
  score: { combine: 'single', signal: 'sales' },
  grades: [
    { id: 'A', label: 'A' },
    { id: 'B', label: 'B' },
    { id: 'C', label: 'C' },
    { id: 'X', label: 'X', ranked: false },
  ],
  cutoffs: { method: 'absolute', atLeast: { A: 100, B: 50 } },
  ...changes,
});

export const compiled = (file: unknown): CompiledGrader => compileModel(Model.parse(file), 'hash');

export const instant = (text: string): number => Date.parse(text);

/** Facts in any order become a profile as the domain promises it: oldest first. */
export const profile = (facts: readonly Fact[], attributes: Attributes = {}): Profile => ({
  attributes,
  facts: [...facts].sort((a, b) => a.at - b.at),
});

export const paid = (at: string | number, units: number, scale = 0, type = 'invoice.paid'): Fact => ({
  type,
  at: typeof at === 'number' ? at : instant(at),
  amount: { units, scale, currency: 'CNY' },
});

/** A decision for a customer that holds a grade, ranked by the cuts given, and its reasons. */
export const explained = (
  grader: CompiledGrader,
  customer: Profile,
  now: number,
  held: string | null = null,
  more: Partial<Standing> & { readonly cause?: Cause } = {},
): Explained & { readonly graded: Graded; readonly standing: Standing } => {
  const { cause, ...rest } = more;
  const standing: Standing = {
    customer: CustomerId.parse(`${grader.subject}:test:1`),
    held: { grade: held },
    cutsOf: (cohort, spec) => emptyCuts(cohort, spec),
    ...rest,
  };
  const graded = grader.grade(customer, now, standing);
  return { ...grader.explain({ profile: customer, now, standing, graded, cause }), graded, standing };
};
