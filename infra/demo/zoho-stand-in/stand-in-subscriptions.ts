import * as z from 'zod';
import { type RecordChange, zohoTime } from './stand-in-records.ts';

interface FieldGroup {
  readonly field?: { readonly api_name: string } | undefined;
  readonly group_operator?: 'and' | 'or' | undefined;
  readonly group?: readonly FieldGroup[] | undefined;
}

const FieldGroup: z.ZodType<FieldGroup> = z.lazy(() =>
  z.object({
    field: z.object({ api_name: z.string() }).optional(),
    group_operator: z.enum(['and', 'or']).optional(),
    group: z.array(FieldGroup).max(2).optional(),
  }),
);

/** One item of `watch[]`. A token has at most 50 characters. */
export const Watch = z.object({
  channel_id: z.union([z.string().regex(/^-?\d+$/), z.number()]).transform(String),
  events: z.array(z.string().regex(/^\w+\.(create|edit|delete|all)$/)).min(1),
  notify_url: z.url(),
  token: z.string().max(50).nullish(),
  channel_expiry: z.iso.datetime({ offset: true }).optional(),
  return_affected_field_values: z.boolean().default(false),
  notify_on_related_action: z.boolean().default(true),
  notification_condition: z
    .array(z.object({ module: z.object({ api_name: z.string() }), field_selection: FieldGroup }))
    .optional(),
});
export type Watch = z.infer<typeof Watch>;

export interface Subscription {
  readonly watch: Watch;
  readonly expiresAt: number;
}

const hourMs = 3_600_000;
const longestMs = 7 * 24 * hourMs;

/** No expiry, or one more than seven days off, silently means one hour. */
export const subscriptionOf = (watch: Watch, now: number): Subscription => {
  const wanted = watch.channel_expiry === undefined ? 0 : Date.parse(watch.channel_expiry);
  const accepted = wanted > now && wanted <= now + longestMs;
  return { watch, expiresAt: accepted ? wanted : now + hourMs };
};

/** The rows of a successful answer: one per module of the channel. */
export const eventDetails = ({ watch, expiresAt }: Subscription, url: string) =>
  modulesOf(watch).map((module) => ({
    channel_expiry: zohoTime(expiresAt),
    resource_uri: `${url}/crm/v2/${module}`,
    resource_name: module,
    channel_id: watch.channel_id,
  }));

export const modulesOf = ({ events }: Watch): readonly string[] => [
  ...new Set(events.map((event) => event.slice(0, event.lastIndexOf('.')))),
];

const eventNames = { insert: 'create', update: 'edit', delete: 'delete' } as const;

/** Whether this channel is to be told of this change. */
export const isTold = (
  { watch, expiresAt }: Subscription,
  { module, operation, fields }: RecordChange,
  now: number,
): boolean => {
  if (expiresAt <= now) return false;
  if (!watch.events.some((event) => event === `${module}.${eventNames[operation]}` || event === `${module}.all`))
    return false;
  const condition = watch.notification_condition?.find(({ module: { api_name } }) => api_name === module);
  return operation !== 'update' || condition === undefined || selects(condition.field_selection, new Set(fields));
};

const selects = ({ field, group, group_operator }: FieldGroup, changed: ReadonlySet<string>): boolean => {
  if (field !== undefined) return changed.has(field.api_name);
  const parts = (group ?? []).map((part) => selects(part, changed));
  return group_operator === 'and' ? parts.every(Boolean) : parts.some(Boolean);
};
