import * as z from 'zod';
import { Direction, GradeName } from './change.ts';
import { Texts } from './message.ts';

const Id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'use lower-case letters, digits and dashes, at most 40');
const Address = z.string().trim().min(1, 'write an address').max(254);

/** Whom an alert is for. Owner and manager are looked up in the customer's attributes. */
const Recipient = z.union([z.enum(['owner', 'manager']), z.strictObject({ address: Address })], {
  error: 'write owner, manager or { address: … }',
});
export type Recipient = z.infer<typeof Recipient>;

const Operand = z.strictObject({ tag: z.string().min(1) });

/** A condition over the tags that the models put on a customer, written like the conditions of a model. */
export type TagExpression =
  | { readonly all: readonly TagExpression[] }
  | { readonly any: readonly TagExpression[] }
  | { readonly not: TagExpression }
  | { readonly eq: readonly [{ readonly tag: string }, string] }
  | { readonly in: readonly [{ readonly tag: string }, readonly string[]] };

export const TagExpression: z.ZodType<TagExpression> = z.lazy(() =>
  z.union(
    [
      z.strictObject({ all: z.array(TagExpression).min(1) }),
      z.strictObject({ any: z.array(TagExpression).min(1) }),
      z.strictObject({ not: TagExpression }),
      z.strictObject({ eq: z.tuple([Operand, z.string()]) }),
      z.strictObject({ in: z.tuple([Operand, z.array(z.string()).min(1)]) }),
    ],
    { error: 'write all, any, not, eq: [{ tag: … }, …] or in: [{ tag: … }, […]]' },
  ),
);

const When = z.strictObject({
  from: z.array(GradeName).min(1).optional(),
  to: z.array(GradeName).min(1).optional(),
  direction: z.array(Direction).min(1).optional(),
  /** The model whose grade is meant. Without it the one that decides. */
  model: z.string().min(1).optional(),
  tags: TagExpression.optional(),
  cause: z
    .array(z.enum(['event', 'timer', 'model', 'displaced', 'merge', 'converted', 'manual']))
    .min(1)
    .optional(),
});
export type When = Readonly<z.infer<typeof When>>;

const Alert = z.strictObject({ channel: Id, to: z.array(Recipient).default([]), title: Texts, text: Texts });
const Task = z.strictObject({
  channel: Id,
  to: Recipient.default('owner'),
  subject: Texts,
  text: Texts,
  dueInDays: z.int().min(0).max(365),
  priority: z.enum(['high', 'normal', 'low']).default('normal'),
});
const WriteGrade = z.strictObject({ channel: Id });

const Action = z.union(
  [z.strictObject({ alert: Alert }), z.strictObject({ task: Task }), z.strictObject({ writeGrade: WriteGrade })],
  { error: ({ input }) => actionHint(input) },
);
export type Action = z.infer<typeof Action>;

const shapes = { alert: Alert, task: Task, writeGrade: WriteGrade } as const;

/** A union only says "invalid"; this names what is wrong inside the one action that was meant. */
const actionHint = (input: unknown): string => {
  const names = typeof input === 'object' && input !== null ? Object.keys(input) : [];
  const [name] = names;
  if (names.length !== 1 || name === undefined || !(name in shapes))
    return 'write one of alert: {…}, task: {…}, writeGrade: {…}';
  const inside = shapes[name as keyof typeof shapes].safeParse((input as Record<string, unknown>)[name]);
  return inside.success
    ? 'invalid'
    : inside.error.issues.map((issue) => `${[name, ...issue.path].join('.')}: ${issue.message}`).join('; ');
};

const isoDuration = /^P(?=\d|T\d)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const Window = z
  .string()
  .regex(isoDuration, 'a window is an ISO 8601 duration of weeks, days, hours, minutes or seconds, e.g. PT2H or P1D')
  .refine(
    (text) => durationMs(text) > 0 && durationMs(text) <= 366 * 86_400_000,
    'a window is longer than nothing and at most 366 days',
  );

/** Milliseconds of a window such as `P1D` (24 hours) or `PT90M`. */
export const durationMs = (text: string): number => {
  const [, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = isoDuration.exec(text) ?? [];
  return (
    ((((Number(weeks) * 7 + Number(days)) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000
  );
};

const Rule = z.strictObject({
  id: Id,
  when: When.default({}),
  do: z.array(Action).min(1, 'say what to do'),
  /** Changes made by time alone wait this long, and are dropped when the grade is back; with `always` every change waits. */
  settle: z.strictObject({ window: Window, always: z.boolean().default(false) }).optional(),
  /** For alerts and tasks whose owner or manager is unknown. With @ an e-mail address, without a user id of the channel. */
  fallback: z.array(Address).default([]),
});
export type Rule = Readonly<z.infer<typeof Rule>>;

/** Which actions a change leads to. Rules are independent of each other: every one that matches acts. */
export const Playbook = z.strictObject({
  apiVersion: z.literal('regrade/v1'),
  kind: z.literal('Playbook'),
  id: Id,
  title: z.string().optional(),
  rules: z
    .array(Rule)
    .min(1, 'write at least one rule')
    .superRefine((rules, context) => {
      const seen = new Set<string>();
      for (const [index, { id }] of rules.entries()) {
        if (seen.has(id))
          context.addIssue({ code: 'custom', path: [index, 'id'], message: `rule ${id} is there twice` });
        seen.add(id);
      }
    }),
});
export type Playbook = Readonly<z.infer<typeof Playbook>>;

/** A rule with the name under which its state is kept: playbook/rule. */
export interface ActiveRule {
  readonly key: string;
  readonly rule: Rule;
}

export const activeRules = (playbooks: readonly Playbook[]): readonly ActiveRule[] =>
  playbooks.flatMap(({ id, rules }) => rules.map((rule) => ({ key: `${id}/${rule.id}`, rule })));

/** What a rule is asked about: from what was announced last to what holds now. */
export interface Transition {
  readonly from: GradeName;
  readonly to: GradeName;
  readonly direction: Direction;
  readonly tags: Readonly<Record<string, string>>;
  /** Of all changes since the last announcement. */
  readonly causes: readonly string[];
}

/** Whether a rule wants this transition. What a rule leaves out holds always. */
export const matches = (when: When, { from, to, direction, tags, causes }: Transition): boolean =>
  (when.from?.includes(from) ?? true) &&
  (when.to?.includes(to) ?? true) &&
  (when.direction?.includes(direction) ?? true) &&
  (when.cause?.some((cause) => causes.includes(cause)) ?? true) &&
  (when.tags === undefined || holds(when.tags, tags));

const holds = (expression: TagExpression, tags: Readonly<Record<string, string>>): boolean => {
  if ('all' in expression) return expression.all.every((each) => holds(each, tags));
  if ('any' in expression) return expression.any.some((each) => holds(each, tags));
  if ('not' in expression) return !holds(expression.not, tags);
  if ('eq' in expression) return tagOf(tags, expression.eq[0].tag) === expression.eq[1];
  const value = tagOf(tags, expression.in[0].tag);
  return value !== undefined && expression.in[1].includes(value);
};

const tagOf = (tags: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(tags, name) ? tags[name] : undefined;
