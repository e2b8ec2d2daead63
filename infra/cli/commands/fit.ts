import { writeFile } from 'node:fs/promises';
import { Model } from '../../../shared/grading/model.ts';
import { fileReader } from '../../node/workspace/file-reader.ts';
import { parseSource } from '../../node/workspace/source-file.ts';
import type { CliContext, ExitCode } from '../context.ts';
import { asOfIn } from '../fit/as-of.ts';
import { diffLines } from '../fit/diff-lines.ts';
import { editYaml } from '../fit/edit-yaml.ts';
import { type FitModel, loadFitModel } from '../fit/fit-model.ts';
import { type FitSource, openFitSource, type SourceOptions } from '../fit/fit-source.ts';
import { fitTexts } from '../fit/fit-texts.ts';
import type { Fit, FitInput, Fitted } from '../fit/fitting.ts';
import { renderYaml } from '../fit/render-yaml.ts';
import { printProblems } from '../print-problems.ts';
import { printable } from '../print-table.ts';
import { noProgress, type Progress, progressBar } from '../progress.ts';

export interface FitOptions extends SourceOptions {
  readonly asOf?: string;
  readonly model?: string;
  readonly write?: boolean;
  readonly json?: boolean;
}

/** Fits something to the customers of a file or a store, and says how good it is and what to put into a model file. */
export const fit = async (context: CliContext, what: string, work: Fit, options: FitOptions): Promise<ExitCode> => {
  const texts = fitTexts[context.language];
  const loaded = options.model === undefined ? undefined : await openModel(context, options.model);
  if (options.model !== undefined && loaded === undefined) return 1;
  if (options.write === true && loaded === undefined) {
    context.err(`regrade: ${texts.writeWhere}`);
    return 2;
  }
  const source = await openFitSource(context, options, loaded?.model);
  if (source === undefined) return 1;
  try {
    return await fitTo(context, { what, work, options, source, loaded });
  } finally {
    source.close();
  }
};

interface Asked {
  readonly what: string;
  readonly work: Fit;
  readonly options: FitOptions;
  readonly source: FitSource;
  readonly loaded: FitModel | undefined;
}

const fitTo = async (context: CliContext, { what, work, options, source, loaded }: Asked): Promise<ExitCode> => {
  const { language } = context;
  const texts = fitTexts[language];
  const asOf = asOfIn(options.asOf, source);
  if (asOf === undefined) {
    context.err(`regrade: ${texts.oddAsOf(printable(options.asOf ?? ''))}`);
    return 2;
  }
  const progress = context.isTerminal && source.size !== undefined ? progressBar(source.size) : noProgress;
  const input: FitInput = { source, asOf, language, model: loaded?.model, histories: () => watched(source, progress) };
  const fitted = await work(input).finally(() => progress.stop());
  const head = { what, asOf: new Date(asOf).toISOString() };
  if (!fitted.ok) {
    if (options.json === true)
      context.out(`${JSON.stringify({ ok: false, ...head, reason: fitted.reason }, null, 2)}\n`);
    else context.err(`regrade: ${printable(fitted.reason[language])}\n`);
    return 1;
  }
  const edited = options.write === true && loaded !== undefined ? await write(context, loaded, fitted) : undefined;
  if (options.write === true && edited === undefined) return 1;
  if (options.json === true) {
    const written = loaded === undefined || edited === undefined ? {} : { written: loaded.file };
    context.out(
      `${JSON.stringify({ ok: true, ...head, ...fitted.report, proposal: fitted.proposal, ...written }, null, 2)}\n`,
    );
    return 0;
  }
  const left = source.withoutCustomer === 0 ? '' : texts.withoutCustomer(String(source.withoutCustomer));
  context.out(`${fitted.page}${left}\n${edited ?? `${texts.paste}${renderYaml(fitted.proposal)}\n`}`);
  return 0;
};

async function* watched(source: FitSource, progress: Progress): ReturnType<FitInput['histories']> {
  for await (const page of source.histories()) {
    yield* page;
    progress.add(page.length);
  }
}

const openModel = async ({ language, err }: CliContext, file: string): Promise<FitModel | undefined> => {
  const loading = await loadFitModel(file, language);
  if (loading.outcome === 'loaded') return loading.loaded;
  err(printProblems(loading.problems, language));
  return undefined;
};

/** What changed in the file, once it is written; nothing after it was told why it is left as it was. */
const write = async (
  { language, err }: CliContext,
  { file, text, model }: FitModel,
  fitted: Fitted,
): Promise<string | undefined> => {
  const texts = fitTexts[language];
  const edited = editYaml(text, fitted.editsOf(model));
  if (edited === undefined) {
    err(`regrade: ${texts.cannotEdit(printable(file))}`);
    return undefined;
  }
  const reader = fileReader(language);
  const read = parseSource(file, edited, language);
  const parsed = read.ok ? reader.parse(Model, read.source) : undefined;
  if (parsed === undefined) {
    err(
      `${printProblems(read.ok ? reader.problems : read.problems, language)}regrade: ${texts.notWritten(printable(file))}`,
    );
    return undefined;
  }
  await writeFile(file, edited);
  return `${texts.written(printable(file))}${diffLines(text, edited)}`;
};
