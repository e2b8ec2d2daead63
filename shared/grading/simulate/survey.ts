import type { GradeName } from '../../domain/change.ts';
import type { CohortId } from '../../domain/cohort.ts';
import type { HeldGrade } from '../../domain/customer-state.ts';
import type { Hold } from '../../domain/hold.ts';
import type { CustomerId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Profile } from '../../domain/profile.ts';
import { rankKeyOf, scoreOfKey, scorePrefix } from '../../domain/rank-key.ts';
import { compileModel } from '../compile-model.ts';
import type { Model } from '../model.ts';
import { scalarAt } from '../view.ts';
import { customerValue } from './customer-value.ts';
import { dataCheck } from './has-data.ts';
import { type Answer, type PossibleAnswers, possibleAnswers } from './possible-answers.ts';
import { numberColumnBuilder, type TextColumn, textColumnBuilder } from './text-column.ts';

/** What everybody is asked. Plain data: it goes to other threads. */
export interface SurveyRequest {
  readonly model: Model;
  readonly hash: string;
  /** Whether the grade held is that of the model that decides: a grade set by hand goes over it then. */
  readonly decides: boolean;
  readonly now: Instant;
  /** The signal that says what a customer is worth. */
  readonly value?: string | undefined;
  /** The attribute by which customers are told apart, instead of the model's segments. */
  readonly by?: string | undefined;
  /** Tags that somebody will ask for. */
  readonly tags: readonly string[];
}

export interface SurveyedCustomer {
  readonly customer: CustomerId;
  readonly profile: Profile;
  /** By the model that the new one is held against. */
  readonly held: Pick<HeldGrade, 'grade' | 'waiting' | 'model'> | undefined;
  readonly hold: Hold | undefined;
}

/** What many customers have in common; a population has few kinds. */
export interface Kind {
  readonly held: GradeName;
  readonly inScope: boolean;
  /** The segment, or the value of the attribute asked for; undefined: none. */
  readonly segment: string | undefined;
  readonly connection: string;
  readonly hasData: boolean;
  readonly cohort: CohortId | undefined;
  /** As in {@link PossibleAnswers}. */
  readonly answers: readonly Answer[];
}

/** Everything that a population was asked, a row a customer. Plain data in columns: some 80 bytes a customer. */
export interface Survey {
  readonly size: number;
  readonly kinds: readonly Kind[];
  readonly kind: Float64Array;
  readonly value: Float64Array;
  readonly score: Float64Array;
  /** The first number of the rank key; NaN where customers are not ranked. */
  readonly rank: Float64Array;
  /** What follows it in the rank key: further numbers, and the customer. */
  readonly rest: TextColumn;
  /** Empty for customers without one, and for those who stay what they are whatever others do. */
  readonly name: TextColumn;
}

export interface Surveyor {
  readonly take: (one: SurveyedCustomer) => void;
  readonly survey: () => Survey;
}

/** Asks a model about customers one after the other and keeps no profile. */
export const surveyor = (request: SurveyRequest): Surveyor => {
  const { model, hash, now, decides } = request;
  const grader = compileModel(model, hash);
  const worth = customerValue(model, request.value);
  const hasData = dataCheck(model);
  const kinds = kindTable(request);
  const columns = { kind: numberColumnBuilder(), value: numberColumnBuilder(), score: numberColumnBuilder() };
  const [rank, rest, name] = [numberColumnBuilder(), textColumnBuilder(), textColumnBuilder()];
  let size = 0;
  return {
    take: ({ customer, profile, held, hold }) => {
      const standing = {
        customer,
        held: held?.model === hash ? held : held && { grade: held.grade },
        hold: decides ? hold : undefined,
      };
      const asked = possibleAnswers(grader, profile, now, standing);
      const from = held?.grade ?? null;
      columns.kind.add(kinds.place({ asked, held: from, customer, profile, hasData: hasData(profile) }));
      columns.value.add(worth.of(profile, now));
      columns.score.add(asked.score ?? Number.NaN);
      const key = asked.rank?.key ?? rankKeyOf([Number.NaN], customer);
      rank.add(scoreOfKey(key));
      rest.add(key.slice(scorePrefix(key).length));
      name.add(asked.answers.some(({ effective }) => effective !== from) ? nameOf(profile) : '');
      size += 1;
    },
    survey: () => ({
      size,
      kinds: kinds.all(),
      kind: columns.kind.build(),
      value: columns.value.build(),
      score: columns.score.build(),
      rank: rank.build(),
      rest: rest.build(),
      name: name.build(),
    }),
  };
};

const nameOf = ({ attributes }: Profile): string => {
  const name = scalarAt(attributes, 'name');
  return name === undefined ? '' : String(name);
};

interface Placed {
  readonly asked: PossibleAnswers;
  readonly held: GradeName;
  readonly customer: CustomerId;
  readonly profile: Profile;
  readonly hasData: boolean;
}

/** Numbers kinds as they are met. */
const kindTable = ({ by, tags }: SurveyRequest) => {
  const places = new Map<string, number>();
  const kinds: Kind[] = [];
  return {
    place: ({ asked, held, customer, profile, hasData }: Placed): number => {
      const { score, rank, answers } = asked;
      const kind: Kind = {
        ...{ held, inScope: score !== null, hasData, cohort: rank?.cohort },
        segment: by === undefined ? asked.segment : textOf(profile, by),
        connection: customer.split(':', 2)[1] ?? '',
        answers: tags.length === 0 ? answers : answers.map((answer) => withTags(answer, tags)),
      };
      const label = labelOf(kind, tags);
      const known = places.get(label);
      if (known !== undefined) return known;
      places.set(label, kinds.length);
      return kinds.push({ ...kind, answers: kind.answers.map((answer) => withTags(answer, tags)) }) - 1;
    },
    all: (): readonly Kind[] => kinds,
  };
};

const textOf = ({ attributes }: Profile, name: string): string | undefined => {
  const value = scalarAt(attributes, name);
  return value === undefined ? undefined : String(value);
};

/** A tag can have as many values as there are customers: only those that somebody asks for tell kinds apart. */
const withTags = ({ tags, ...answer }: Answer, names: readonly string[]): Answer => ({
  ...answer,
  tags: Object.fromEntries(names.flatMap((name) => (tags[name] === undefined ? [] : [[name, tags[name]]]))),
});

/** Different kinds, different labels: what a CRM may write is quoted, all else has no such signs. */
const labelOf = (kind: Kind, tags: readonly string[]): string => {
  const { held, inScope, hasData, connection, cohort, segment, answers } = kind;
  let label = `${held ?? ''}|${inScope}|${hasData}|${connection}|${cohort ?? ''}|`;
  if (segment !== undefined) label += JSON.stringify(segment);
  for (const { raw, asked, effective, tags: values } of answers) {
    label += `|${raw ?? ''},${asked ?? ''},${effective ?? ''}`;
    if (tags.length > 0) label += JSON.stringify(values);
  }
  return label;
};
