import * as z from 'zod';
import { Cause, changeIdOf, type Direction, GradeChange, GradeName } from './change.ts';
import { encodeCloudEvent } from './cloud-event.ts';
import { CustomerId, TenantId } from './ids.ts';
import { Instant } from './instant.ts';

/** What travels on `regrade.changes`, keyed by customer. */
export const ChangeMessage = z.discriminatedUnion('kind', [
  GradeChange.extend({ kind: z.literal('grade.changed') }),
  /** A settle window ended, or a delivery may be tried again. `asOf` is business time. */
  z.object({ kind: z.literal('action.due'), tenant: TenantId, customer: CustomerId, asOf: Instant }),
]);
export type ChangeMessage = z.infer<typeof ChangeMessage>;

/** The record's value, a CloudEvent; repeats of one change, or of one due instant, carry the same id. */
export const encodeChangeMessage = (message: ChangeMessage, at: Instant): string =>
  encodeCloudEvent(
    {
      id: message.kind === 'grade.changed' ? changeIdOf(message) : `${message.customer}@${message.asOf}`,
      source: `regrade/${message.tenant}`,
      type: message.kind,
      data: message,
    },
    at,
  );

/** Changes of one model since the last announcement of a rule: announced together when the window ends. */
const SettleWindow = z.object({
  model: z.string(),
  from: GradeName,
  openedAt: Instant,
  dueAt: Instant,
  causes: z.array(z.enum(Cause.options.map((option) => option.shape.type.value))),
});
export type SettleWindow = Readonly<z.infer<typeof SettleWindow>>;

/** What acting remembers of one customer. */
export const ActionState = z.object({
  tenant: TenantId,
  customer: CustomerId,
  /** 0 for a customer never stored; each commit adds one. */
  version: z.int().nonnegative(),
  /** The ledger sequence of the newest change handled. */
  seenSeq: z.int().nonnegative(),
  /** Business time never runs backwards for a customer. */
  decidedAt: Instant,
  /** By rule: the grade up to which everything was announced, or did not need to be. */
  announced: z.record(z.string(), z.object({ model: z.string(), grade: GradeName })),
  /** By rule: at most one. */
  windows: z.record(z.string(), SettleWindow),
  /** By model, while a window of it is open: the last change, which the announcement will be about. */
  latest: z.record(z.string(), GradeChange),
});
export type ActionState = Readonly<z.infer<typeof ActionState>>;

export const blankActionState = (tenant: TenantId, customer: CustomerId): ActionState => ({
  tenant,
  customer,
  version: 0,
  seenSeq: 0,
  decidedAt: 0,
  announced: {},
  windows: {},
  latest: {},
});

/** When the first window of a customer ends, business time. */
export const windowsDueAt = ({ windows }: ActionState): Instant | undefined => {
  const ends = Object.values(windows).map(({ dueAt }) => dueAt);
  return ends.length === 0 ? undefined : Math.min(...ends);
};

/** Grades of one model, best first. */
export type GradeOrder = readonly { readonly id: string; readonly ranked: boolean }[];

/** Which way it goes from one grade to another: by the model's order, as for a change made in one step. */
export const directionBetween = (from: GradeName, to: GradeName, order: GradeOrder): Direction => {
  if (from === null) return 'initial';
  if (to === null) return 'left';
  const rank = (grade: string): number => order.findIndex(({ id, ranked }) => ranked && id === grade);
  const [before, after] = [rank(from), rank(to)];
  if (before < 0 || after < 0 || before === after) return 'sideways';
  return after < before ? 'up' : 'down';
};
