import { writeFile } from 'node:fs/promises';
import { TenantId } from '../../../shared/domain/ids.ts';
import { activeRules, type Rule, type TagExpression } from '../../../shared/domain/playbook.ts';
import type { ActingPolicy } from '../../../shared/domain/settle.ts';
import { compileModel } from '../../../shared/grading/compile-model.ts';
import { type Consequences, consequencesOf } from '../../../shared/grading/simulate/consequences.ts';
import { valueSignalOf } from '../../../shared/grading/simulate/customer-value.ts';
import { type Mover, type Simulated, simulate } from '../../../shared/grading/simulate/simulate.ts';
import type { Survey } from '../../../shared/grading/simulate/survey.ts';
import { hashing } from '../../../shared/runtime/hashing.ts';
import { csvLine } from '../../node/history/csv-rows.ts';
import type { LoadedModel, LoadedWorkspace } from '../../node/workspace/load-workspace.ts';
import type { CliContext, ExitCode, GlobalOptions } from '../context.ts';
import { engineAsked } from '../engine-asked.ts';
import { loadModels } from '../load-models.ts';
import { openWorkspace } from '../open-workspace.ts';
import type { Population } from '../population.ts';
import { printSimulation, type SimulationPage } from '../print-simulation.ts';
import { printable } from '../print-table.ts';
import { noProgress, progressBar } from '../progress.ts';
import { simulateTexts } from '../simulate-texts.ts';

export interface SimulateOptions extends GlobalOptions {
  readonly model: string;
  readonly json: boolean;
  readonly value?: string;
  readonly by?: string;
  readonly top: number;
  /** A file, or `-` for the output. */
  readonly csv?: string;
}

/** What a model would make of everybody in the store. Nothing is written there. */
export const simulateModel = async (context: CliContext, options: SimulateOptions): Promise<ExitCode> => {
  const loaded = await openWorkspace(context, { ...options, starting: false });
  const [tried] = (await loadModels(context, [options.model])) ?? [];
  const against = loaded === undefined || tried === undefined ? undefined : heldBy(tried, loaded);
  if (loaded === undefined || tried === undefined || against === undefined) return 1;
  const odd = oddityOf(tried, against, options, context);
  if (odd !== undefined) {
    context.err(`regrade: ${odd}`);
    return 1;
  }
  const population = await context.openPopulation(loaded, engineAsked(context, loaded, options));
  try {
    return await simulateOn(context, { options, loaded, tried, against, population });
  } finally {
    population.close();
  }
};

interface Asked {
  readonly options: SimulateOptions;
  readonly loaded: LoadedWorkspace;
  readonly tried: LoadedModel;
  readonly against: LoadedModel;
  readonly population: Population;
}

/** Another version of one of the workspace's models, otherwise in place of the one that decides about such customers. */
const heldBy = ({ model }: LoadedModel, { models }: LoadedWorkspace): LoadedModel | undefined =>
  models.find((each) => each.model.id === model.id) ??
  models.find((each) => each.model.subject === model.subject) ??
  models[0];

const oddityOf = (
  { model }: LoadedModel,
  against: LoadedModel,
  { value }: SimulateOptions,
  { language }: CliContext,
): string | undefined => {
  const texts = simulateTexts[language];
  if (value !== undefined && model.signals[value] === undefined)
    return texts.noSignal(printable(value), Object.keys(model.signals).join(', '));
  if (against.model.subject !== model.subject) return texts.otherSubject(model.subject, against.model.subject);
  return undefined;
};

const simulateOn = async (context: CliContext, asked: Asked): Promise<ExitCode> => {
  const { options, loaded, tried, against, population } = asked;
  const surveys = await ask(context, asked);
  if (surveys.every(({ size }) => size === 0)) {
    context.err(`regrade: ${simulateTexts[context.language].noCustomers}`);
    return 1;
  }
  const { model, hash } = tried;
  const simulation = simulate(surveys, compileModel(model, hash), options.top);
  const page: SimulationPage = {
    ...{ model, against: against.model, at: population.now, timezone: loaded.workspace.timezone, simulation },
    valueSignal: options.value ?? valueSignalOf(model),
    consequences: sendings(simulation, asked),
  };
  if (options.json) context.out(`${JSON.stringify(jsonOf(page, asked), null, 2)}\n`);
  else if (options.csv !== '-') context.out(printSimulation(page, context.language));
  if (options.csv !== undefined) await writeMovers(context, options.csv, simulation);
  return 0;
};

const ask = async (context: CliContext, asked: Asked): Promise<readonly Survey[]> => {
  const { options, loaded, tried, against, population } = asked;
  const { size, now } = population;
  const progress = context.isTerminal && size !== undefined && size > 0 ? progressBar(size) : noProgress;
  const request = {
    ...{ model: tried.model, hash: tried.hash, against: against.model.id, decides: decidesIn(loaded, against), now },
    ...{ value: options.value, by: options.by },
    tags: [...new Set(rulesOf(loaded).flatMap(({ when }) => (when.tags === undefined ? [] : tagsIn(when.tags))))],
  };
  try {
    return await population.survey(request, (customers) => progress.add(customers));
  } finally {
    progress.stop();
  }
};

/** The first of those for a kind of customers. */
const decidesIn = ({ models }: LoadedWorkspace, against: LoadedModel): boolean =>
  models.find(({ model }) => model.subject === against.model.subject) === against;

const rulesOf = ({ playbooks }: LoadedWorkspace): readonly Rule[] => playbooks.flatMap(({ rules }) => rules);

const tagsIn = (expression: TagExpression): readonly string[] => {
  if ('all' in expression) return expression.all.flatMap(tagsIn);
  if ('any' in expression) return expression.any.flatMap(tagsIn);
  if ('not' in expression) return tagsIn(expression.not);
  return 'eq' in expression ? [expression.eq[0].tag] : [expression.in[0].tag];
};

/** The new model acts under the name of the one whose place it takes: rules name models. */
const sendings = (simulation: Simulated, { loaded, tried, against, population }: Asked): Consequences => {
  const { workspace, playbooks } = loaded;
  const { model, hash } = tried;
  const { language, timezone } = workspace;
  const policy: ActingPolicy = {
    rules: activeRules(playbooks),
    grades: { [against.model.id]: model.grades },
    channels: workspace.channels,
    wording: { language, timezone, reasons: () => [], link: () => undefined },
    hash: hashing.sha256,
  };
  return consequencesOf(simulation.changes, {
    tenant: TenantId.parse(workspace.tenant),
    policy,
    model: { id: against.model.id, version: model.version, hash },
    decides: decidesIn(loaded, against),
    now: population.now,
  });
};

const jsonOf = ({ simulation, consequences, valueSignal, at }: SimulationPage, { tried, against }: Asked): object => {
  const refOf = ({ model: { id, version }, hash, file }: LoadedModel) => ({ id, version, hash, file });
  const { everyMover: _all, changes: _changes, ...told } = simulation as Simulated;
  return {
    model: refOf(tried),
    against: { id: against.model.id },
    at: new Date(at).toISOString(),
    currency: tried.model.currency,
    value: valueSignal ?? null,
    ...told,
    segments: told.segments.map(({ segment, ...rest }) => ({ segment: segment ?? null, ...rest })),
    consequences,
  };
};

const csvHeader = ['customer', 'name', 'from', 'to', 'by score', 'score', 'value'];

const csvOf = ({ customer, name, from, to, raw, score, value }: Mover): string =>
  csvLine([customer, name, from ?? '', to ?? '', raw ?? '', score ?? '', value]);

const writeMovers = async (context: CliContext, file: string, simulation: Simulated): Promise<void> => {
  if (file === '-') {
    context.out(csvLine(csvHeader));
    for (const mover of simulation.everyMover()) context.out(csvOf(mover));
    return;
  }
  await writeFile(file, linesOf(simulation));
  const { language, err } = context;
  err(simulateTexts[language].written(String(simulation.moving.customers), printable(file)));
};

/** In pieces of many lines. */
function* linesOf(simulation: Simulated): Generator<string> {
  let piece = csvLine(csvHeader);
  for (const mover of simulation.everyMover()) {
    piece += csvOf(mover);
    if (piece.length < 65_536) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}
