import { join, relative } from 'node:path';
import type { Language } from '../../shared/domain/message.ts';
import type { PipelineError } from '../../shared/domain/pipeline-error.ts';
import { describeFailure } from '../cli/describe-failure.ts';
import { printProblems } from '../cli/print-problems.ts';
import type { NodeReader } from '../cli/reader.ts';
import { openReader } from '../node/open-reader.ts';
import { type LoadedWorkspace, loadWorkspace } from '../node/workspace/load-workspace.ts';
import { type DemoPosition, readPosition } from './demo-position.ts';
import { demoReport } from './demo-report.ts';
import { type DemoScreen, type DemoTerminal, demoScreen } from './demo-screen.ts';
import { demoTexts } from './demo-texts.ts';
import { prepareDemoWorkspace } from './demo-workspace.ts';
import { type DemoInvoice, readInvoices } from './read-invoices.ts';
import { type Replay, replayInvoices } from './replay-invoices.ts';
import { type DemoServices, startDemoServices } from './start-demo-services.ts';
import { takeStock } from './take-stock.ts';

export interface DemoOptions {
  readonly language: Language;
  /** Simulated days per second; Infinity: as fast as it is graded. @default 2.1, about four minutes in all */
  readonly speed?: number | undefined;
  /** Where the demo's workspace is kept. @default .regrade/demo */
  readonly folder?: string | undefined;
  /** Throws away what an earlier run left. @default false: it goes on where that stopped */
  readonly fresh?: boolean | undefined;
  /** Where the node listens. @default 8787, or a free one when that is taken */
  readonly port?: number | undefined;
  /** No colours, and nothing drawn over: for logs. */
  readonly plain?: boolean | undefined;
  /** Ends when the invoices are through, although somebody watches. */
  readonly exit?: boolean | undefined;
}

export interface DemoSurroundings {
  readonly write: (text: string) => void;
  /** True when somebody watches: then it goes on serving after the last invoice. */
  readonly isTerminal: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Resolves when the process is asked to stop. Asked for once. */
  stopRequested(): Promise<void>;
  /** @default those of the file */
  readonly invoices?: readonly DemoInvoice[];
}

const defaults = { folder: join('.regrade', 'demo'), speed: 2.1 } as const;

/**
 * A year of a real shop through the whole product on this machine, in minutes. Returns the exit code: 0 when everything
 * balanced and every ledger was proven, also when it was stopped on the way.
 *
 * @throws {PipelineError} `STORE_IN_USE` while another demo runs in that folder; else as a node that starts.
 */
export const runDemo = async (options: DemoOptions, surroundings: DemoSurroundings): Promise<number> => {
  const { language, fresh = false, port, folder = defaults.folder } = options;
  const { write, environment } = surroundings;
  const root = await prepareDemoWorkspace({ folder, language, fresh, port });
  const loading = await loadWorkspace(root, { environment, language, starting: true });
  if (loading.outcome === 'faulty') {
    write(`${printProblems(loading.problems, language)}${demoTexts[language].faulty}`);
    return 1;
  }
  const { loaded } = loading;
  const invoices = surroundings.invoices ?? readInvoices();
  const position = readPosition(loaded.folder) ?? { offered: 0, taken: 0, clock: invoices[0]?.at ?? 0 };
  const report = demoReport({ language, invoices, workspaceFile: relative('.', root) });
  const screen = demoScreen({ terminal: terminalOf(options, surroundings), ...report.lines });
  let services: DemoServices | undefined;
  try {
    services = await startDemoServices({
      loaded,
      invoices,
      position,
      onAlert: (announcement) => screen.change(announcement),
    });
    write(report.header({ services, loaded, resumed: position.offered > 0 }));
    return await show({ options, surroundings, loaded, invoices, services, screen, report, position });
  } finally {
    screen.close();
    await services?.stop();
  }
};

interface Show {
  readonly options: DemoOptions;
  readonly surroundings: DemoSurroundings;
  readonly loaded: LoadedWorkspace;
  readonly invoices: readonly DemoInvoice[];
  readonly services: DemoServices;
  readonly screen: DemoScreen;
  readonly report: ReturnType<typeof demoReport>;
  readonly position: DemoPosition;
}

const show = async (parts: Show): Promise<number> => {
  const { options, surroundings, loaded, invoices, services, screen, report } = parts;
  const texts = demoTexts[options.language];
  const { write, isTerminal } = surroundings;
  const startedAt = Date.now();
  const stopping = new AbortController();
  const asked = surroundings.stopRequested().then(() => {
    if (!stopping.signal.aborted) screen.say(texts.stopping);
    stopping.abort();
  });
  const folder = loaded.folder;
  const replay = replayInvoices(
    { ...services, folder, invoices, speed: options.speed ?? defaults.speed, signal: stopping.signal },
    parts.position,
  );
  const reader = await openReader(loaded);
  try {
    const failure = await replayWatched(replay, reader, parts);
    screen.close();
    if (failure !== undefined) return tellFailure(failure, parts);
    write(texts.proving);
    const stock = await takeStock(reader);
    const complete = replay.position().offered === invoices.length;
    write(
      report.summary({
        stock,
        receiver: services.receiver,
        offered: replay.position().offered,
        seconds: (Date.now() - startedAt) / 1_000,
      }),
    );
    if (!complete) write(texts.goesOn);
    if (complete && isTerminal && options.exit !== true) {
      write(texts.serving);
      const late = await Promise.race([asked, services.node.failed]);
      if (late !== undefined) return tellFailure(late, parts);
    }
    return stock.faults === 0 && stock.offBy === 0 ? 0 : 1;
  } finally {
    stopping.abort();
    reader.close();
  }
};

const tellFailure = (failure: PipelineError, { surroundings, options }: Show): number => {
  surroundings.write(describeFailure(failure, options.language));
  return 1;
};

const statusMs = 1_000;

/** Runs the replay under a line that tells how far it is. A node that gave up ends it. */
const replayWatched = async (
  replay: Replay,
  reader: NodeReader,
  { services, screen, report }: Show,
): Promise<PipelineError | undefined> => {
  const tell = async (): Promise<void> => {
    const status = await reader.readStatus();
    screen.status(
      report.status({
        status,
        offered: replay.position().offered,
        delivered: services.standIn.deliveredNotifications(),
      }),
    );
  };
  let telling: Promise<void> = tell();
  const timer = setInterval(() => {
    // a state that could not be read is told a second later
    telling = telling.then(tell).catch(() => undefined);
  }, statusMs);
  try {
    return await Promise.race([replay.run().then(() => undefined), services.node.failed]);
  } finally {
    clearInterval(timer);
    await telling;
  }
};

const terminalOf = ({ plain }: DemoOptions, { write, isTerminal, environment }: DemoSurroundings): DemoTerminal => ({
  write,
  redraws: isTerminal && plain !== true && environment['TERM'] !== 'dumb' && (environment['NO_COLOR'] ?? '') === '',
});
