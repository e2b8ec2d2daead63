import type { KafkaDynamoDbEngine } from '../../shared/definitions/engine.ts';
import { type Building, BuildPhase } from '../../shared/domain/model-pointer.ts';
import type { PublicationAnswer, PublicationRequest } from '../node/publications.ts';
import type { LoadedWorkspace } from '../node/workspace/load-workspace.ts';
import type { CliContext, ExitCode } from './context.ts';
import { type ValueFormat, valueFormat } from './format-values.ts';
import { printable } from './print-table.ts';
import { noProgress, progressBar } from './progress.ts';
import { publishTexts } from './publish-texts.ts';
import type { NodeReader } from './reader.ts';

export interface PublicationAsked {
  readonly engine: KafkaDynamoDbEngine | undefined;
  readonly request: PublicationRequest;
  /** Until every customer is graded by it. */
  readonly wait: boolean;
}

const lookMs = 500;

/** Asks, tells what came of it, and shows how far it is while somebody carries it out. */
export const tellPublication = async (
  context: CliContext,
  loaded: LoadedWorkspace,
  { engine, request, wait }: PublicationAsked,
): Promise<ExitCode> => {
  const format = valueFormat(context.language, loaded.workspace.timezone);
  const publishing = await context.openPublishing(loaded, engine);
  const { carriedBy } = publishing;
  const answer = await publishing.publish(request).finally(() => publishing.close());
  const exitCode = tell(context, answer, format);
  if (answer.outcome !== 'begun' && answer.outcome !== 'given-up') return exitCode;
  if (carriedBy === 'next-start') {
    context.err(publishTexts[context.language].nextStart);
    return 0;
  }
  if (!wait) {
    context.err(publishTexts[context.language].goesOn);
    return 0;
  }
  const reader = await context.openReader(loaded, engine);
  try {
    return await watch(context, reader, format);
  } finally {
    reader.close();
  }
};

const tell = ({ language, out, err }: CliContext, answer: PublicationAnswer, format: ValueFormat): ExitCode => {
  const texts = publishTexts[language];
  switch (answer.outcome) {
    case 'begun':
    case 'live':
    case 'given-up':
      out(texts.outcomes[answer.outcome](String(answer.epoch)));
      return 0;
    case 'under-way':
      err(`regrade: ${texts.outcomes[answer.outcome](String(answer.epoch))}`);
      return 1;
    case 'taken': {
      const { id, version, by, at, why } = answer.stored;
      err(`regrade: ${texts.taken(id, String(version), printable(by), format.instant(at), printable(why))}`);
      return 1;
    }
    case 'unreadable':
      err(`regrade: ${texts.unreadable(printable(answer.problem))}`);
      return 1;
    case 'not-started':
    case 'unknown-version':
    case 'nothing-before':
    case 'which-model':
      err(`regrade: ${texts.refusals[answer.outcome]}`);
      return 1;
  }
};

/** One line a phase, and a bar while customers are walked through and their number is known. */
const watch = async (context: CliContext, reader: NodeReader, format: ValueFormat): Promise<ExitCode> => {
  const texts = publishTexts[context.language];
  const { customers } = await reader.readStatus();
  let phase: Building['phase'] | undefined;
  let progress = noProgress;
  let visited = 0;
  for (;;) {
    const { pointer } = await reader.readModels();
    const building = pointer?.building;
    if (building === undefined) {
      progress.stop();
      context.out(texts.done(String(pointer?.live.epoch ?? 0)));
      return 0;
    }
    if (building.phase !== phase) {
      progress.stop();
      context.err(`${phaseLine(building, context, format)}\n`);
      [phase, visited] = [building.phase, 0];
      const walks = building.phase === 'visiting' || building.phase === 'moving';
      progress = walks && context.isTerminal && (customers ?? 0) > 0 ? progressBar(customers ?? 0) : noProgress;
    }
    progress.add(building.visited - visited);
    visited = building.visited;
    await context.sleep(lookMs);
  }
};

/** How far a build is, in words. */
export const phaseLine = (
  { phase, epoch, visited }: Building,
  { language }: Pick<CliContext, 'language'>,
  format: ValueFormat,
): string => {
  const texts = publishTexts[language];
  const step = String(BuildPhase.options.indexOf(phase) + 1);
  return texts.phase(
    step,
    String(epoch),
    texts.phases[phase],
    visited === 0 ? '' : texts.visited(format.number(visited)),
  );
};
