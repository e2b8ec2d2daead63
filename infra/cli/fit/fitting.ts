import type { Instant } from '../../../shared/domain/instant.ts';
import type { Json } from '../../../shared/domain/json.ts';
import type { Language } from '../../../shared/domain/message.ts';
import type { Model } from '../../../shared/grading/model.ts';
import type { Refused } from '../../../shared/grading/statistics/refusal.ts';
import type { YamlEdit } from './edit-yaml.ts';
import type { CustomerHistory } from './fit-source.ts';

/** What a fit looks at. */
export interface FitInput {
  readonly source: { readonly kind: 'file' | 'store'; readonly timezone: string };
  /** Facts up to this instant count. */
  readonly asOf: Instant;
  readonly language: Language;
  readonly model?: Model | undefined;
  histories(): AsyncIterable<CustomerHistory>;
}

/** What came of it. */
export interface Fitted {
  readonly ok: true;
  /** What a program reads: plain JSON. */
  readonly report: Readonly<Record<string, Json | undefined>>;
  /** What a person reads. */
  readonly page: string;
  /** For a model file, as it would stand there. */
  readonly proposal: Json;
  /** What the proposal comes to in a given model file. */
  editsOf(model: Model): readonly YamlEdit[];
}

export type Fit = (input: FitInput) => Promise<Fitted | Refused>;

/** Seven significant digits: nothing that is fitted knows more, and a file stays readable. */
export const significant = (value: number): number => Number(value.toPrecision(7));
