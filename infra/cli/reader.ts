import type { KafkaDynamoDbEngine } from '../../shared/definitions/engine.ts';
import type { Group, Topic } from '../../shared/definitions/topics.ts';
import type { GradeName, ModelRef, WeighedContribution } from '../../shared/domain/change.ts';
import type { CohortId } from '../../shared/domain/cohort.ts';
import type { Hold } from '../../shared/domain/hold.ts';
import type { CustomerId } from '../../shared/domain/ids.ts';
import type { Instant } from '../../shared/domain/instant.ts';
import type { LedgerEntry, LedgerProof } from '../../shared/domain/ledger.ts';
import type { Seal } from '../../shared/domain/merge.ts';
import type { ModelPointer, ModelVersion } from '../../shared/domain/model-pointer.ts';
import type { Reasons } from '../../shared/domain/reasons.ts';
import type { Labels } from '../../shared/grading/grader.ts';
import type { DisabledChannel } from '../../shared/ports/action-store.ts';
import type { CustomerPage } from '../../shared/ports/customer-store.ts';
import type { ConnectionAccount } from '../../shared/ports/record-store.ts';
import type { CohortAudit } from '../../shared/usecases/audit-cohort.ts';
import type { LoadedWorkspace } from '../node/workspace/load-workspace.ts';

export interface FoundCustomer {
  readonly customer: CustomerId;
  readonly name?: string;
}

export interface FoundCustomers {
  readonly found: readonly FoundCustomer[];
  /** False where there are more customers than could be looked through: the full id is needed then. */
  readonly complete: boolean;
}

/** What one model says about a customer at the business clock's now. */
export interface GradeView {
  readonly model: ModelRef;
  /** True for the model that decides; others are further dimensions. */
  readonly decides: boolean;
  /** The business clock's now: what everything below is as of. */
  readonly at: Instant;
  /** The grade in force: the last one decided and written to the ledger. */
  readonly grade: GradeName;
  readonly label?: Labels;
  readonly since: Instant;
  /** By profile, model and now. Differs from `grade` only while a review is under way. */
  readonly gradeNow: GradeName;
  readonly score: number | null;
  readonly guard?: string;
  /** Score at or above which a grade begins; where customers are ranked, as of now. */
  readonly cuts: Readonly<Record<string, number>>;
  /** Largest first; they sum to `score` within 1e-9. */
  readonly contributions: readonly WeighedContribution[];
  /** Absent where there is no score. */
  readonly reasons?: Reasons;
  readonly tags: Readonly<Record<string, string>>;
  /** When something changes although nothing happens, and the grade from then on. */
  readonly next?: { readonly at: Instant; readonly to: GradeName };
}

export interface CustomerView extends FoundCustomer {
  /** By each model that grades customers of its kind; none of who is part of another one. */
  readonly grades: readonly GradeView[];
  /** Set by a person, and still in force. */
  readonly hold?: Hold;
  /** Whose part it is: it has no grade of its own. */
  readonly partOf?: Pick<Seal, 'as' | 'by' | 'why'> & { readonly customer: CustomerId };
  /** Who is part of it. */
  readonly parts?: readonly CustomerId[];
}

export interface DeliveryView {
  readonly id: string;
  readonly channel: string;
  /** alert, task, grade, digest … */
  readonly kind: string;
  readonly status: string;
  readonly attempts: number;
  readonly createdAt: Instant;
  readonly lastError?: string | undefined;
}

export interface DeliveryCount {
  readonly channel: string;
  readonly status: string;
  readonly count: number;
  /** Attempts of these that ended without anybody knowing how. */
  readonly unknowns?: number;
}

export interface ListedCohorts {
  readonly cohorts: readonly { readonly cohort: CohortId; readonly members: number }[];
  readonly next: string | undefined;
}

export interface StreamPosition {
  readonly group: Group;
  readonly topic: Topic;
  /** Records appended and not yet handled by the group. */
  readonly lag: number;
}

/** Everything in one moment where the engine can: accounts balance while a node runs. */
export interface StatusView {
  /** The business clock. */
  readonly now: Instant;
  /** Undefined where counting them would read everything. */
  readonly customers: number | undefined;
  readonly accounts: readonly ConnectionAccount[];
  readonly deliveries: readonly DeliveryCount[];
  /** Undefined where the brokers do not answer from here. */
  readonly positions: readonly StreamPosition[] | undefined;
  /** Hints that wait beside the stream since it did not answer, by connection. */
  readonly spilled: Readonly<Record<string, number>>;
  /** Records that wait in the table until the clock takes them to their topic, by topic. */
  readonly relayed: Readonly<Partial<Record<Topic, number>>>;
  /** Channels on which nothing is sent until a person enables them. */
  readonly disabled: readonly DisabledChannel[];
  /** What grades, and what is being built; undefined before the first start. */
  readonly models: ModelPointer | undefined;
}

/** What was ever published. */
export interface ModelsView {
  readonly pointer: ModelPointer | undefined;
  /** By model and number. */
  readonly versions: readonly ModelVersion[];
}

/**
 * Looks into a store that a node or workers may be writing to, and never writes.
 *
 * Every method may throw {@link PipelineError} `STORE_UNAVAILABLE` or `STORE_CORRUPT`.
 */
export interface NodeReader {
  /** The customer with this full id; otherwise those whose id ends with, or whose name contains, the text. */
  findCustomers(text: string, limit: number): Promise<FoundCustomers>;
  readCustomer(customer: CustomerId): Promise<CustomerView | undefined>;
  /** Oldest first, as the head reaches it. */
  readLedger(customer: CustomerId): Promise<readonly LedgerEntry[]>;
  /** Newest first. */
  readDeliveries(customer: CustomerId, limit: number): Promise<readonly DeliveryView[]>;
  readStatus(): Promise<StatusView>;
  readModels(): Promise<ModelsView>;
  /** As the store's port: all customers, a page at a time, in no order. */
  listCustomers(after: string | undefined, limit: number): Promise<CustomerPage>;
  /** Checks a customer's whole ledger up to its head. */
  verify(customer: CustomerId): Promise<LedgerProof>;
  /** A page at a time, in no order; members as each says it has. */
  listCohorts(after: string | undefined, limit: number): Promise<ListedCohorts>;
  /** Counts a cohort from its rows and compares. `onRows` hears how many were read, after each page. */
  auditCohort(cohort: CohortId, onRows: (rows: number) => void): Promise<CohortAudit>;
  close(): void;
}

/**
 * `engine` is the Kafka and DynamoDB that the workspace runs on; absent, it runs on the embedded engine.
 *
 * @throws {PipelineError} `STORE_UNAVAILABLE` when there is no store yet, `CONFIG_INVALID` when there is no table.
 */
export type OpenReader = (loaded: LoadedWorkspace, engine?: KafkaDynamoDbEngine) => Promise<NodeReader>;
