import type { Engine, KafkaDynamoDbEngine } from '../../shared/definitions/engine.ts';
import type { FunctionName } from '../../shared/definitions/functions.ts';
import type { Language } from '../../shared/domain/message.ts';
import type { PipelineError } from '../../shared/domain/pipeline-error.ts';
import type { LoadedWorkspace } from '../node/workspace/load-workspace.ts';
import type { CheckUp } from './checkup.ts';
import type { OpenDeadDesk } from './dead-desk.ts';
import type { OpenEventDesk } from './event-desk.ts';
import type { OpenPopulation } from './population.ts';
import type { OpenPublishing } from './publishing.ts';
import type { OpenReader } from './reader.ts';
import type { OpenSecrets } from './secrets-desk.ts';
import type { MakeTopics } from './topics-made.ts';

/** 0: fine. 1: a problem was found. 2: the command itself was not understood. */
export type ExitCode = 0 | 1 | 2;

export interface DemoRequest {
  readonly speed?: number | undefined;
  readonly fresh?: boolean | undefined;
  readonly port?: number | undefined;
  readonly plain?: boolean | undefined;
  readonly exit?: boolean | undefined;
}

export interface WorkerRequest {
  readonly functions: readonly FunctionName[];
  readonly engine: KafkaDynamoDbEngine;
  /** 0 for any that is free. */
  readonly port: number;
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
  /** The folder of the checkout: what `cdk deploy` wrote down stands in it. */
  readonly project: string;
  /** True when somebody watches: progress is shown. */
  readonly isTerminal: boolean;
  readonly openReader: OpenReader;
  readonly openPopulation: OpenPopulation;
  readonly openDeadDesk: OpenDeadDesk;
  readonly openPublishing: OpenPublishing;
  readonly openEventDesk: OpenEventDesk;
  readonly startNode: (loaded: LoadedWorkspace) => Promise<RunningNode>;
  readonly startWorker: (loaded: LoadedWorkspace, request: WorkerRequest) => Promise<RunningNode>;
  /** Makes the topics and the table that are missing; returns what it made. */
  readonly setUp: (
    loaded: LoadedWorkspace,
    engine: KafkaDynamoDbEngine,
  ) => Promise<{ readonly topics: readonly string[]; readonly table: string | undefined }>;
  readonly makeTopics: MakeTopics;
  readonly checkUp: CheckUp;
  readonly openSecrets: OpenSecrets;
  /** A year of a real shop through the whole product. Resolves with the exit code. */
  readonly runDemo: (options: DemoRequest) => Promise<number>;
  /** Standard input to its end; undefined where it is a terminal, on which what is typed would be seen. */
  readonly readInput: () => Promise<string | undefined>;
  /** Wall clock. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Resolves when the process is asked to stop. */
  stopRequested(): Promise<void>;
}

export interface GlobalOptions {
  /** The workspace file. */
  readonly workspace: string;
  /** Goes before the one that the workspace names. */
  readonly engine?: Engine['type'];
  /** A stage on AWS, by name or file. It says workspace and engine, before the options that do. */
  readonly stage?: string;
}
