import type { HeldGrade } from '../../domain/customer-state.ts';
import type { Hold } from '../../domain/hold.ts';
import { type CustomerId, isOfKind } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Profile } from '../../domain/profile.ts';
import { rankKeyOf, scoreOfKey, scorePrefix } from '../../domain/rank-key.ts';
import { compileModel } from '../compile-model.ts';
import type { Model } from '../model.ts';
import { scalarAt } from '../view.ts';
import { customerValue } from './customer-value.ts';
import { dataCheck } from './has-data.ts';
import { type Kind, kindTable } from './kind-table.ts';
import { type AskedAbout, answersOf } from './possible-answers.ts';
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

/** Asks a model about customers one after the other and keeps no profile. Those of another kind than the model's are left out. */
export const surveyor = (request: SurveyRequest): Surveyor => {
  const { model, hash, now, decides, by } = request;
  const ask = answersOf(compileModel(model, hash));
  const worth = customerValue(model, request.value);
  const hasData = dataCheck(model);
  const kinds = kindTable(request.tags);
  const columns = { kind: numberColumnBuilder(), value: numberColumnBuilder(), score: numberColumnBuilder() };
  const [rank, rest, name] = [numberColumnBuilder(), textColumnBuilder(), textColumnBuilder()];
  let size = 0;
  return {
    take: ({ customer, profile, held, hold }) => {
      if (!isOfKind(customer, model.subject)) return;
      const {
        score,
        segment,
        rank: place,
        answers,
      } = ask(profile, now, aboutOf(customer, held, hash, decides ? hold : undefined));
      const from = held?.grade ?? null;
      columns.kind.add(
        kinds.place({
          held: from,
          inScope: score !== null,
          segment: by === undefined ? segment : textOf(profile, by),
          connection: connectionOf(customer),
          hasData: hasData(profile),
          cohort: place?.cohort,
          answers,
        }),
      );
      columns.value.add(worth.of(profile, now));
      columns.score.add(score ?? Number.NaN);
      const key = place?.key ?? rankKeyOf([Number.NaN], customer);
      rank.add(scoreOfKey(key));
      rest.add(key.slice(scorePrefix(key).length));
      name.add(answers.some(({ effective }) => effective !== from) ? (textOf(profile, 'name') ?? '') : '');
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

/** As at the moment a new version takes over: nothing has to last first, the exit band counts from the grade held. */
const aboutOf = (
  customer: CustomerId,
  held: SurveyedCustomer['held'],
  hash: string,
  hold: Hold | undefined,
): AskedAbout => {
  const takesOver = held?.model !== hash;
  return { customer, held: takesOver ? held && { grade: held.grade } : held, hold, takesOver };
};

const textOf = ({ attributes }: Profile, name: string): string | undefined => {
  const value = scalarAt(attributes, name);
  return value === undefined ? undefined : String(value);
};

/** Between kind and id. */
const connectionOf = (customer: CustomerId): string => {
  const start = customer.indexOf(':') + 1;
  return customer.slice(start, customer.indexOf(':', start));
};
