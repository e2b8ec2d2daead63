import type { KafkaDynamoDbEngine } from '../../shared/definitions/engine.ts';
import type { DeadLetterFilter } from '../../shared/usecases/read-dead.ts';
import type { LoadedWorkspace } from '../node/workspace/load-workspace.ts';
import { deadTexts } from './commands/dead-texts.ts';
import type { CliContext, ExitCode, GlobalOptions } from './context.ts';
import type { DeadDesk } from './dead-desk.ts';
import { engineAsked } from './engine-asked.ts';
import { openWorkspace } from './open-workspace.ts';
import { parseWhen } from './parse-when.ts';

/** Which letters are meant, as a person writes it. */
export interface DeadFilterOptions extends GlobalOptions {
  readonly id?: string;
  readonly reason?: string;
  /** Whose letters: `stage` of a letter. */
  readonly function?: string;
  readonly connection?: string;
  readonly since?: string;
  readonly until?: string;
}

export interface AtDesk {
  readonly desk: DeadDesk;
  readonly filter: DeadLetterFilter;
  readonly loaded: LoadedWorkspace;
  /** Undefined for the embedded one. */
  readonly engine: KafkaDynamoDbEngine | undefined;
}

/** Opens the dead letters of a workspace, runs the work, and closes them whatever happens. 2 for an instant that is none. */
export const withDeadDesk = async (
  context: CliContext,
  options: DeadFilterOptions,
  work: (at: AtDesk) => Promise<ExitCode>,
): Promise<ExitCode> => {
  const loaded = await openWorkspace(context, { ...options, starting: false });
  if (loaded === undefined) return 1;
  const engine = engineAsked(context, loaded, options);
  const desk = await context.openDeadDesk(loaded, engine);
  try {
    const bounds = boundsOf(options, { now: desk.businessNow(), timezone: loaded.workspace.timezone });
    if ('odd' in bounds) {
      context.err(`regrade: ${deadTexts[context.language].odd(bounds.odd)}\n`);
      return 2;
    }
    const { id, reason, function: stage, connection } = options;
    const wanted = { id: id?.toLowerCase(), reason, stage, connection, ...bounds };
    const filter = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
    return await work({ desk, filter, loaded, engine });
  } finally {
    await desk.close();
  }
};

const boundsOf = (
  options: DeadFilterOptions,
  settings: Parameters<typeof parseWhen>[1],
): Pick<DeadLetterFilter, 'since' | 'until'> | { readonly odd: string } => {
  const bounds: { since?: number; until?: number } = {};
  for (const name of ['since', 'until'] as const) {
    const text = options[name];
    if (text === undefined) continue;
    const at = parseWhen(text, settings);
    if (at === undefined) return { odd: text };
    bounds[name] = at;
  }
  return bounds;
};
