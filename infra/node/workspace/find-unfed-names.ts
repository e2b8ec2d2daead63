import { mappingsFor } from '../../../shared/adapters/crm/mappings-for.ts';
import type { Workspace } from '../../../shared/definitions/workspace.ts';
import type { Language } from '../../../shared/domain/message.ts';
import { type Operand, operandsIn, type Placed } from '../../../shared/grading/expression.ts';
import type { Model } from '../../../shared/grading/model.ts';
import { placeInSettings } from '../../../shared/grading/place-in-settings.ts';
import { resolveSegments } from '../../../shared/grading/resolve-segments.ts';
import type { Signal } from '../../../shared/grading/signal.ts';
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

/** Of the model, and of its segments where they say it themselves. */
const askedBy = (model: Model): Asked[] => [
  ...askedOnce(model),
  ...model.segments.flatMap(({ when }, i) => fieldsOf(operandsIn(when, ['segments', i, 'when']))),
  ...resolveSegments(model).flatMap((segment, i) =>
    askedOnce(segment.model).flatMap((asked) => {
      const { path, beyond } = placeInSettings(model, model.segments[i]?.set, asked.path);
      return beyond.length > 0 ? [] : [{ ...asked, path: ['segments', i, 'set', ...path] }];
    }),
  ),
];

const askedOnce = (model: Model): Asked[] => [
  ...Object.entries(model.signals).flatMap(([id, { from }]) => sourceAsks(from, ['signals', id, 'from'])),
  ...conditionsAsk(model),
  ...holdsAsk(model),
  ...model.partitions.map((name, i) => ({ kind: 'attributes' as const, name, path: ['partitions', i] })),
  ...tagsAsk(model),
];

const sourceAsks = (from: Signal['from'], path: Path): Asked[] => {
  if ('attribute' in from) return [{ kind: 'attributes', name: from.attribute, path: [...path, 'attribute'] }];
  if ('events' in from)
    return from.events.map((name, index) => ({ kind: 'facts', name, path: [...path, 'events', index] }));
  const table = from.model === 'logistic' ? 'features' : 'variables';
  const names = Object.keys(from.model === 'logistic' ? from.params.features : from.params.variables);
  return [
    ...names.map((name) => ({ kind: 'attributes' as const, name, path: [...path, 'params', table, name] })),
    ...('stage' in from ? [{ kind: 'attributes' as const, name: from.stage, path: [...path, 'stage'] }] : []),
  ];
};

const conditionsAsk = ({ scope, guards }: Model): Asked[] =>
  fieldsOf([
    ...(scope === undefined ? [] : operandsIn(scope.when, ['scope', 'when'])),
    ...guards.flatMap(({ when }, index) => operandsIn(when, ['guards', index, 'when'])),
  ]);

const fieldsOf = (operands: readonly Placed<Operand>[]): Asked[] =>
  operands.flatMap(({ value, path }) =>
    typeof value === 'object' && 'field' in value
      ? [{ kind: 'attributes', name: value.field, path: [...path, 'field'] }]
      : [],
  );

/** The grade by hand and its end, where the model names their fields itself. */
const holdsAsk = ({ guards }: Model): Asked[] =>
  guards.flatMap(({ then }, i) =>
    'hold' in then
      ? (['grade', 'until'] as const).flatMap((part) => {
          const name = then[part]?.field;
          return name === undefined
            ? []
            : [{ kind: 'attributes' as const, name, path: ['guards', i, 'then', part, 'field'] }];
        })
      : [],
  );

const tagsAsk = ({ tags }: Model): Asked[] =>
  Object.entries(tags).flatMap(([id, tag]): Asked[] => {
    if ('field' in tag) return [{ kind: 'attributes', name: tag.field, path: ['tags', id, 'field'] }];
    if (!('bands' in tag) || typeof tag.bands.on !== 'object' || !('field' in tag.bands.on)) return [];
    return [{ kind: 'attributes', name: tag.bands.on.field, path: ['tags', id, 'bands', 'on', 'field'] }];
  });
