import type { Language } from '../../shared/domain/message.ts';
import type { PipelineError } from '../../shared/domain/pipeline-error.ts';
import type { LoadedWorkspace } from '../node/workspace/load-workspace.ts';
import type { OpenReader } from './reader.ts';

/** 0: fine. 1: a problem was found. 2: the command itself was not understood. */
export type ExitCode = 0 | 1 | 2;

export interface DemoRequest {
  readonly speed?: number | undefined;
  readonly fresh?: boolean | undefined;
  readonly port?: number | undefined;
  readonly plain?: boolean | undefined;
  readonly exit?: boolean | undefined;
}

export interface RunningNode {
  /** Where it listens, e.g. http://127.0.0.1:8787. */
  readonly url: string;
  /** Resolves when the node has to stop by itself: a full disk, a damaged file. Never rejects. */
  readonly failed: Promise<PipelineError>;
  /** Ends after the work in hand. */
  stop(): Promise<void>;
}

/** Everything a command touches besides files. */
export interface CliContext {
  /** Results: what a script would read. */
  readonly out: (text: string) => void;
  /** Everything else. */
  readonly err: (text: string) => void;
  readonly language: Language;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** True when somebody watches: progress is shown. */
  readonly isTerminal: boolean;
  readonly openReader: OpenReader;
  readonly startNode: (loaded: LoadedWorkspace) => Promise<RunningNode>;
  /** A year of a real shop through the whole product. Resolves with the exit code. */
  readonly runDemo: (options: DemoRequest) => Promise<number>;
  /** Resolves when the process is asked to stop. */
  stopRequested(): Promise<void>;
}

export interface GlobalOptions {
  /** The workspace file. */
  readonly workspace: string;
}
