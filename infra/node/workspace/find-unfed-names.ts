import { mappingsFor } from '../../../shared/adapters/crm/mappings-for.ts';
import type { Workspace } from '../../../shared/definitions/workspace.ts';
import type { Language } from '../../../shared/domain/message.ts';
import { operandsIn } from '../../../shared/grading/expression.ts';
import type { Model } from '../../../shared/grading/model.ts';
import { closestWord } from './closest-word.ts';
import type { Finding, Path } from './problem.ts';
import { settingTexts } from './setting-texts.ts';

interface Fed {
  readonly attributes: readonly string[];
  readonly facts: readonly string[];
}

interface Asked {
  readonly kind: keyof Fed;
  readonly name: string;
  readonly path: Path;
}

/** What a model asks for and no connection delivers: most often a slip of the pen, and it would never show otherwise. */
export const findUnfedNames = (model: Model, workspace: Workspace, language: Language): Finding[] => {
  const texts = settingTexts[language];
  const fed = fedBy(workspace);
  return askedBy(model)
    .filter(({ kind, name }) => !fed[kind].includes(name))
    .map(({ kind, name, path }) => {
      const meant = closestWord(name, fed[kind]);
      const cure = meant === undefined ? texts.mapIt : texts.didYouMean(meant);
      return { path, part: 'value', severity: 'warning', message: texts.unfed(kind, name), cure };
    });
};

const fedBy = ({ connections }: Workspace): Fed => {
  const mappings = Object.values(connections).flatMap((connection) => Object.values(mappingsFor(connection)));
  return {
    attributes: [...new Set(mappings.flatMap(({ attributes }) => Object.keys(attributes)))],
    facts: [...new Set(mappings.flatMap(({ facts }) => facts.map(({ type }) => type)))],
  };
};

const askedBy = (model: Model): Asked[] => [...signalsAsk(model), ...conditionsAsk(model), ...tagsAsk(model)];

const signalsAsk = ({ signals }: Model): Asked[] =>
  Object.entries(signals).flatMap(([id, { from }]): Asked[] => {
    const path = ['signals', id, 'from'];
    if ('attribute' in from) return [{ kind: 'attributes', name: from.attribute, path: [...path, 'attribute'] }];
    if (!('events' in from)) return [];
    return from.events.map((name, index) => ({ kind: 'facts', name, path: [...path, 'events', index] }));
  });

const conditionsAsk = ({ scope, guards }: Model): Asked[] =>
  [
    ...(scope === undefined ? [] : operandsIn(scope.when, ['scope', 'when'])),
    ...guards.flatMap(({ when }, index) => operandsIn(when, ['guards', index, 'when'])),
  ].flatMap(({ value, path }) =>
    typeof value === 'object' && 'field' in value
      ? [{ kind: 'attributes', name: value.field, path: [...path, 'field'] }]
      : [],
  );

const tagsAsk = ({ tags }: Model): Asked[] =>
  Object.entries(tags).flatMap(([id, tag]): Asked[] => {
    if ('field' in tag) return [{ kind: 'attributes', name: tag.field, path: ['tags', id, 'field'] }];
    if (!('bands' in tag) || typeof tag.bands.on !== 'object' || !('field' in tag.bands.on)) return [];
    return [{ kind: 'attributes', name: tag.bands.on.field, path: ['tags', id, 'bands', 'on', 'field'] }];
  });
