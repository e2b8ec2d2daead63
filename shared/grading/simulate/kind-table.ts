import type { GradeName } from '../../domain/change.ts';
import type { CohortId } from '../../domain/cohort.ts';
import type { Answer } from './possible-answers.ts';
/** What many customers have in common; a population has few kinds. */
export interface Kind {
  readonly held: GradeName;
  readonly inScope: boolean;
  /** The segment, or the value of the attribute asked for; undefined: none. */
  readonly segment: string | undefined;
  readonly connection: string;
  readonly hasData: boolean;
  readonly cohort: CohortId | undefined;
  /** As `PossibleAnswers` has them. */
  readonly answers: readonly Answer[];
}

/** Numbers kinds as they are met. */
export interface KindTable {
  readonly place: (kind: Kind) => number;
  readonly all: () => readonly Kind[];
}

/**
 * Kinds are told apart step by step: from number to number, by the numbers of their words. Building a text of each to compare
 * takes four times as long. `tags`: those that tell kinds apart.
 */
export const kindTable = (tags: readonly string[]): KindTable => {
  const words = new Map<string | null | undefined, number>();
  const steps = new Map<number, number>();
  const places = new Map<number, number>();
  const kinds: Kind[] = [];
  const word = (text: string | null | undefined): number => {
    const known = words.get(text);
    if (known !== undefined) return known;
    words.set(text, words.size);
    return words.size - 1;
  };
  const step = (from: number, to: number): number => {
    const pair = from * mostWords + to;
    const known = steps.get(pair);
    if (known !== undefined) return known;
    steps.set(pair, steps.size + 1);
    return steps.size;
  };
  const stepOver = (from: number, { raw, asked, effective, tags: values }: Answer): number => {
    let at = step(step(step(from, word(raw)), word(asked)), word(effective));
    for (const name of tags) at = step(at, word(values[name]));
    return at;
  };
  return {
    place: (kind) => {
      const { held, inScope, hasData, segment, connection, cohort, answers } = kind;
      let at = step(0, (inScope ? 1 : 0) + (hasData ? 2 : 0));
      at = step(step(step(step(at, word(held)), word(segment)), word(connection)), word(cohort));
      for (const answer of answers) at = stepOver(at, answer);
      const known = places.get(at);
      if (known !== undefined) return known;
      places.set(at, kinds.length);
      return kinds.push({ ...kind, answers: answers.map((answer) => withTags(answer, tags)) }) - 1;
    },
    all: () => kinds,
  };
};

/** Pairs of numbers stay whole: 2^53 is 2^23 words times 2^30 steps. */
const mostWords = 2 ** 23;

/** A tag can have as many values as there are customers: only those that somebody asks for are kept. */
const withTags = ({ tags, ...answer }: Answer, names: readonly string[]): Answer => ({
  ...answer,
  tags: Object.fromEntries(names.flatMap((name) => (tags[name] === undefined ? [] : [[name, tags[name]]]))),
});
