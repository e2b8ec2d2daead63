import type { Profile } from '../../domain/profile.ts';
import type { Model } from '../model.ts';
import { resolveSegments } from '../resolve-segments.ts';
import { scalarAt } from '../view.ts';

/**
 * Whether anything is known of what a model scores: one attribute that a factor reads, or one fact of a kind that a factor
 * counts. A score of a customer without either says nothing.
 */
export const dataCheck = (model: Model): ((profile: Profile) => boolean) => {
  const models = [model, ...resolveSegments(model).map((segment) => segment.model)];
  const sources = models.flatMap((each) => scoredSignals(each).flatMap((name) => each.signals[name]?.from ?? []));
  const attributes = new Set(sources.flatMap(attributesOf));
  const types = new Set(sources.flatMap((source) => ('events' in source ? source.events : [])));
  return (profile) => {
    for (const name of attributes) if (scalarAt(profile.attributes, name) !== undefined) return true;
    for (const { type } of profile.facts) if (types.has(type)) return true;
    return false;
  };
};

type Source = Model['signals'][string]['from'];

/** A model of winning reads attributes of the names that its features have. */
const attributesOf = (source: Source): readonly string[] => {
  if ('attribute' in source) return [source.attribute];
  if (!('model' in source)) return [];
  if (source.model === 'naiveBayes') return [source.stage, ...Object.keys(source.params.variables)];
  return source.model === 'logistic' ? Object.keys(source.params.features) : [];
};

const scoredSignals = ({ score }: Model): readonly string[] =>
  score.combine === 'single'
    ? [score.signal]
    : Object.values(score.groups).flatMap(({ factors }) => factors.map(({ signal }) => signal));
