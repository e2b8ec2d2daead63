import type { Workspace } from '../../../shared/definitions/workspace.ts';
import type { Language } from '../../../shared/domain/message.ts';
import type { Playbook } from '../../../shared/domain/playbook.ts';
import { playbookIssues } from '../../../shared/domain/playbook-issues.ts';
import type { Model } from '../../../shared/grading/model.ts';
import type { Parsed } from './file-reader.ts';
import { findModelLints } from './find-model-lints.ts';
import { findRateFaults } from './find-rate-faults.ts';
import { findUnfedNames } from './find-unfed-names.ts';
import type { LoadedRates } from './load-rates.ts';
import type { Problem } from './problem.ts';
import { type SettingTexts, settingTexts } from './setting-texts.ts';

/** The files that have the form they should; others are missing here. */
export interface FilesTogether {
  readonly root: Parsed<Workspace>;
  readonly models: readonly Parsed<Model>[];
  readonly playbooks: readonly Parsed<Playbook>[];
  readonly rates: LoadedRates | undefined;
}

/** What one file says about another that does not agree with it. */
export const findReferenceFaults = (files: FilesTogether, language: Language): Problem[] => {
  const texts = settingTexts[language];
  const { root, models, playbooks } = files;
  return [
    ...models.flatMap((model) => currencyFaults(model, root.value.currency, texts)),
    ...models.flatMap((model) => findModelLints(model.value, language).map(model.source.place)),
    ...models.flatMap((model) => findUnfedNames(model.value, root.value, language).map(model.source.place)),
    ...repeatedIds('model', models, texts),
    ...repeatedIds('playbook', playbooks, texts),
    ...playbookFaults(files),
    ...findRateFaults(root.value, files.rates, language).map(root.source.place),
  ];
};

const currencyFaults = ({ value, source }: Parsed<Model>, currency: string, texts: SettingTexts): Problem[] =>
  value.currency === currency
    ? []
    : [
        source.place({
          path: ['currency'],
          part: 'value',
          message: texts.otherCurrency(value.currency, currency),
          cure: texts.sameCurrency(currency),
        }),
      ];

const repeatedIds = (
  kind: 'model' | 'playbook',
  files: readonly Parsed<{ id: string }>[],
  texts: SettingTexts,
): Problem[] =>
  files.flatMap(({ value: { id }, source }, index) => {
    const first = files.findIndex(({ value }) => value.id === id);
    const message = texts.repeatedId(kind, id, files[first]?.file ?? '');
    return first < index ? [source.place({ path: ['id'], part: 'value', message, cure: texts.otherId })] : [];
  });

/** Only once every listed model could be read: a grade of a model with faults is not unknown. */
const playbookFaults = ({ root, models, playbooks }: FilesTogether): Problem[] => {
  const decides = models[0]?.value.id;
  if (decides === undefined || models.length < new Set(root.value.models).size) return [];
  const grades = Object.fromEntries(models.map(({ value }) => [value.id, value.grades.map(({ id }) => id)]));
  const surroundings = { channels: root.value.channels, grades, decides };
  return playbooks.flatMap(({ value, source }) =>
    playbookIssues(value, surroundings).map(({ path, message }) => source.place({ path, part: 'value', message })),
  );
};
