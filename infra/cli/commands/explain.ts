import type { Hold } from '../../../shared/domain/hold.ts';
import type { Reasons } from '../../../shared/domain/reasons.ts';
import type { CliContext, ExitCode, GlobalOptions } from '../context.ts';
import { type Explanation, printExplanation } from '../print-explanation.ts';
import type { GradeView } from '../reader.ts';
import { resolveCustomer } from '../resolve-customer.ts';
import { withReader } from '../with-reader.ts';

export interface ExplainOptions extends GlobalOptions {
  /** A full id, or a piece of id or name that fits one customer. */
  readonly customer: string;
  readonly json: boolean;
}

const shownDeliveries = 20;

/** Why a customer has the grade it has, how it came to it, what follows, and who was told. */
export const explain = (context: CliContext, options: ExplainOptions): Promise<ExitCode> =>
  withReader(context, options, async (reader, loaded) => {
    const customer = await resolveCustomer(context, reader, options.customer);
    const view = customer === undefined ? undefined : await reader.readCustomer(customer);
    if (view === undefined) return 1;
    const ledger = await reader.readLedger(view.customer);
    const deliveries = await reader.readDeliveries(view.customer, shownDeliveries);
    const explanation = { view, ledger, deliveries };
    if (options.json) {
      context.out(`${JSON.stringify(jsonOf(explanation), null, 2)}\n`);
    } else {
      const models = loaded.models.map(({ model }) => model);
      const { timezone } = loaded.workspace;
      context.out(printExplanation(explanation, { language: context.language, timezone, models }));
    }
    return 0;
  });

const isoOf = (at: number): string => new Date(at).toISOString();

/** Instants as ISO 8601 in UTC. */
const jsonOf = ({ view, ledger, deliveries }: Explanation): object => ({
  customer: view.customer,
  name: view.name,
  grades: view.grades.map(gradeJson),
  hold: view.hold === undefined ? undefined : holdJson(view.hold),
  partOf: view.partOf,
  parts: view.parts,
  ledger: ledger.map(({ seq, hash, body }) =>
    body === undefined ? { seq, hash, erased: true } : { ...body, seq, hash, at: isoOf(body.at) },
  ),
  // named one by one: a stored delivery also holds texts and addresses
  deliveries: deliveries.map(({ id, channel, kind, status, attempts, createdAt, lastError }) => ({
    id,
    channel,
    kind,
    status,
    attempts,
    createdAt: isoOf(createdAt),
    lastError,
  })),
});

const holdJson = ({ until, ...hold }: Hold): object => ({
  ...hold,
  ...(until === undefined ? {} : { until: isoOf(until) }),
});

const gradeJson = ({ at, since, next, reasons, ...grade }: GradeView): object => ({
  ...grade,
  at: isoOf(at),
  since: isoOf(since),
  ...(reasons === undefined ? {} : { reasons: { ...reasons, projection: reasons.projection.map(stepJson) } }),
  ...(next === undefined ? {} : { next: { at: isoOf(next.at), to: next.to } }),
});

const stepJson = ({ at, waited, ...step }: Reasons['projection'][number]): object => ({
  ...step,
  at: isoOf(at),
  ...(waited === undefined ? {} : { waited: { ...waited, since: isoOf(waited.since) } }),
});
