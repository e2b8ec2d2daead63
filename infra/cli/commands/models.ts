import type { Epoch } from '../../../shared/domain/model-pointer.ts';
import type { CliContext, ExitCode, GlobalOptions } from '../context.ts';
import { type ValueFormat, valueFormat } from '../format-values.ts';
import { printTable } from '../print-table.ts';
import { publishTexts } from '../publish-texts.ts';
import type { ModelsView } from '../reader.ts';
import { phaseLine } from '../tell-publication.ts';
import { withReader } from '../with-reader.ts';

export interface ModelsOptions extends GlobalOptions {
  readonly json: boolean;
}

/** Every published version, what graded when, and how far a build is. */
export const models = (context: CliContext, { json, ...options }: ModelsOptions): Promise<ExitCode> =>
  withReader(context, options, async (reader, { workspace }) => {
    const view = await reader.readModels();
    const format = valueFormat(context.language, workspace.timezone);
    context.out(json ? `${JSON.stringify(jsonOf(view), null, 2)}\n` : report(view, context, format));
    return 0;
  });

const isoOf = (at: number): string => new Date(at).toISOString();

const jsonOf = ({ pointer, versions }: ModelsView): object => ({
  versions: versions.map(({ id, version, hash, at, by, why }) => ({
    ...{ id, version, hash, at: isoOf(at), by, why },
    grades: pointer?.live.models.some((model) => model.hash === hash) ?? false,
  })),
  live: pointer === undefined ? null : epochJson(pointer.live),
  coming: pointer?.coming === undefined ? null : epochJson(pointer.coming),
  building: pointer?.building ?? null,
  past: (pointer?.past ?? []).map(epochJson),
});

const epochJson = ({ at, ...epoch }: Epoch): object => ({ ...epoch, at: isoOf(at) });

/** Digits of a content's hash that tell it from others at a glance. */
const shownDigits = 12;

const report = ({ pointer, versions }: ModelsView, context: CliContext, format: ValueFormat): string => {
  const texts = publishTexts[context.language];
  if (pointer === undefined) return texts.none;
  const { live, coming, past, building } = pointer;
  const isIn = (epoch: Epoch | undefined, hash: string): boolean =>
    epoch?.models.some((model) => model.hash === hash) ?? false;
  const stateOf = (hash: string): string => (isIn(live, hash) ? texts.grades : isIn(coming, hash) ? texts.comes : '');
  const rows = versions.map(({ id, version, hash, at, by, why }) => [
    ...[id, String(version), hash.slice(0, shownDigits), format.instant(at), by, why, stateOf(hash)],
  ]);
  const epochs = [...(coming === undefined ? [] : [coming]), live, ...past].map(
    ({ epoch, models: listed, ...asked }) => [
      ...[String(epoch), listed.map(({ id, version }) => `${id} ${version}`).join(', '), format.instant(asked.at)],
      ...[asked.by, texts.choices[asked.alerts], asked.why],
    ],
  );
  return [
    texts.versions,
    printTable(columnsOf(texts.columns), rows),
    texts.epochs,
    printTable(columnsOf(texts.epochColumns), epochs),
    building === undefined ? '' : `\n${phaseLine(building, context, format)}\n`,
  ].join('');
};

const columnsOf = (titles: Readonly<Record<string, string>>): readonly { readonly title: string }[] =>
  Object.values(titles).map((title) => ({ title }));
