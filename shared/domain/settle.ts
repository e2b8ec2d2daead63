import { type ActionState, directionBetween, type GradeOrder, type SettleWindow } from './action.ts';
import { type ActionSurroundings, deliveriesFor } from './action-delivery.ts';
import type { AlertChoice, GradeChange, GradeName } from './change.ts';
import type { Delivery } from './delivery.ts';
import type { Instant } from './instant.ts';
import { alertChoiceOf, chosen } from './model-alerts.ts';
import { type ActiveRule, durationMs, matches, type Rule } from './playbook.ts';

/** All that deciding needs beyond the customer: the playbooks and what they name. */
export interface ActingPolicy extends ActionSurroundings {
  readonly rules: readonly ActiveRule[];
  /** By model id. */
  readonly grades: Readonly<Record<string, GradeOrder>>;
  /** True while the alerts of a step to this epoch still wait for their summary. Absent: none do. */
  readonly isMoving?: (epoch: number) => boolean;
}

export interface Acted {
  readonly state: ActionState;
  readonly deliveries: readonly Delivery[];
}

/**
 * What one change leads to. `appendedAt` is the record's append instant; a change that is not newer than what was seen
 * leads to nothing. Every rule follows its model's grade; a settle window takes in all changes until it ends.
 */
export const decideOnChange = (
  state: ActionState,
  change: GradeChange,
  appendedAt: Instant,
  policy: ActingPolicy,
): Acted => {
  if (change.seq <= state.seenSeq) return { state, deliveries: [] };
  const now = Math.max(appendedAt, state.decidedAt);
  const ripe = endWindows(state, now, policy);
  let next: ActionState = { ...ripe.state, seenSeq: change.seq, decidedAt: now };
  const deliveries = [...ripe.deliveries];
  for (const active of policy.rules.filter(({ rule }) => follows(rule, change))) {
    const step = takeIn(next, active, change, policy);
    next = step.state;
    deliveries.push(...step.deliveries);
  }
  return { state: tidy({ ...next, latest: { ...next.latest, [change.model.id]: change } }, policy), deliveries };
};

/**
 * As {@link decideOnChange}, for a change that was sent again out of the dead letters. One that newer changes have overtaken
 * still leads to what each rule would have announced at once: under the ids it has always had, so that what took effect
 * before does not again. Nothing else moves: not what was announced last, no window, no grade in a CRM.
 */
export const decideOnReplayedChange = (
  state: ActionState,
  change: GradeChange,
  appendedAt: Instant,
  policy: ActingPolicy,
): Acted => {
  if (change.seq > state.seenSeq) return decideOnChange(state, change, appendedAt, policy);
  if (alertChoiceOf(change) === 'suppress') return { state, deliveries: [] };
  const now = Math.max(appendedAt, state.decidedAt);
  const occasion = { change, from: change.from, causes: [change.cause.type], now };
  const deliveries = policy.rules
    .filter(({ rule }) => follows(rule, change) && !settles(rule, change))
    .filter(({ rule }) => !becamePart(change) || asksFor(rule, change))
    // an open window will announce the newest grade anyway
    .filter(({ key }) => state.windows[key]?.model !== change.model.id)
    .flatMap((active) => announce(active, occasion, policy))
    .filter(({ content }) => content.kind !== 'grade');
  return deliveries.length === 0 ? { state, deliveries } : { state: { ...state, decidedAt: now }, deliveries };
};

/** What time alone leads to: windows that ended by `asOf` announce. */
export const decideOnDue = (state: ActionState, asOf: Instant, policy: ActingPolicy): Acted => {
  const now = Math.max(asOf, state.decidedAt);
  const { state: next, deliveries } = endWindows(state, now, policy);
  return next === state ? { state, deliveries } : { state: tidy({ ...next, decidedAt: now }, policy), deliveries };
};

const follows = ({ when }: Rule, { model, decides }: GradeChange): boolean =>
  when.model === undefined ? decides : when.model === model.id;

/** Whether a change waits for its rule's window. */
const settles = ({ settle }: Rule, { cause }: GradeChange): boolean =>
  settle !== undefined && (settle.always || cause.type === 'timer' || cause.type === 'displaced');

/** One rule takes one change in: into its open window, into a new one, or as an announcement at once. */
const takeIn = (state: ActionState, active: ActiveRule, change: GradeChange, policy: ActingPolicy): Acted => {
  const { key, rule } = active;
  if (becamePart(change)) return closeUp(state, active, change, policy);
  const open = state.windows[key];
  if (open?.model === change.model.id) {
    // what opened it is still to be told; a change of model that is not to be told is none of its causes
    if (choiceFor(change, policy) === 'suppress') return { state, deliveries: [] };
    const causes = [...new Set([...open.causes, change.cause.type])];
    return { state: { ...state, windows: { ...state.windows, [key]: { ...open, causes } } }, deliveries: [] };
  }
  const known = state.announced[key];
  const from = known?.model === change.model.id ? known.grade : change.from;
  const choice = choiceFor(change, policy);
  if (choice === 'send' && rule.settle !== undefined && settles(rule, change)) {
    const openedAt = state.decidedAt;
    const dueAt = openedAt + durationMs(rule.settle.window);
    const window: SettleWindow = { model: change.model.id, from, openedAt, dueAt, causes: [change.cause.type] };
    return { state: { ...state, windows: { ...state.windows, [key]: window } }, deliveries: [] };
  }
  const windows = without(state.windows, key);
  const announced = announce(active, { change, from, causes: [change.cause.type], now: state.decidedAt }, policy);
  const deliveries = chosen(announced, choice, policy.channels);
  return { state: { ...state, windows, announced: noted(state, key, change) }, deliveries };
};

/** The customer is part of another one: its grade did not fall, it is told of there. */
const becamePart = ({ to, cause }: GradeChange): boolean =>
  to === null && (cause.type === 'merge' || cause.type === 'converted');

/** Whether a rule wants to hear of just this. */
const asksFor = ({ when }: Rule, { cause }: GradeChange): boolean => when.cause?.includes(cause.type) === true;

/** What waits to be told of a customer that is none of its own any more is dropped. */
const closeUp = (state: ActionState, active: ActiveRule, change: GradeChange, policy: ActingPolicy): Acted => {
  const { key, rule } = active;
  const occasion = { change, from: change.from, causes: [change.cause.type], now: state.decidedAt };
  const deliveries = asksFor(rule, change) ? announce(active, occasion, policy) : [];
  const windows = without(state.windows, key);
  return { state: { ...state, windows, announced: noted(state, key, change) }, deliveries };
};

/** One that comes after the summary was sent is told by itself. */
const choiceFor = (change: GradeChange, { isMoving }: ActingPolicy): AlertChoice => {
  const choice = alertChoiceOf(change);
  const epoch = change.cause.type === 'model' ? change.cause.epoch : undefined;
  return choice === 'digest' && (epoch === undefined || isMoving?.(epoch) !== true) ? 'send' : choice;
};

/** Ends every window due by `now`, earliest first, each as of its own end. */
const endWindows = (state: ActionState, now: Instant, policy: ActingPolicy): Acted => {
  const due = Object.entries(state.windows)
    .filter(([, { dueAt }]) => dueAt <= now)
    .sort(([a, { dueAt: x }], [b, { dueAt: y }]) => x - y || (a < b ? -1 : 1));
  let next = state;
  const deliveries: Delivery[] = [];
  for (const [key, { model, from, causes, dueAt }] of due) {
    const windows = without(next.windows, key);
    const change = next.latest[model];
    const active = policy.rules.find((each) => each.key === key);
    next = { ...next, windows, announced: change === undefined ? next.announced : noted(next, key, change) };
    if (active !== undefined && change !== undefined)
      deliveries.push(...announce(active, { change, from, causes, now: dueAt }, policy));
  }
  return { state: next, deliveries };
};

const without = (windows: ActionState['windows'], key: string): ActionState['windows'] =>
  Object.fromEntries(Object.entries(windows).filter(([name]) => name !== key));

const noted = (state: ActionState, key: string, { model, to }: GradeChange): ActionState['announced'] => ({
  ...state.announced,
  [key]: { model: model.id, grade: to },
});

interface Occasion {
  readonly change: GradeChange;
  readonly from: GradeName;
  readonly causes: readonly string[];
  readonly now: Instant;
}

/** Nothing when the grade is back where it was announced, or when the rule does not want this transition. */
const announce = (
  active: ActiveRule,
  { change, from, causes, now }: Occasion,
  policy: ActingPolicy,
): readonly Delivery[] => {
  const { to, tags, model } = change;
  if (from === to) return [];
  const direction = from === change.from ? change.direction : directionBetween(from, to, policy.grades[model.id] ?? []);
  if (!matches(active.rule.when, { from, to, direction, tags, causes })) return [];
  return deliveriesFor(active, { ...change, from, direction }, now, policy);
};

/** Forgets rules that are gone, and last changes that no open window will announce. */
const tidy = (state: ActionState, { rules }: ActingPolicy): ActionState => {
  const keys = new Set(rules.map(({ key }) => key));
  const windows = Object.fromEntries(Object.entries(state.windows).filter(([key]) => keys.has(key)));
  const models = new Set(Object.values(windows).map(({ model }) => model));
  return {
    ...state,
    windows,
    announced: Object.fromEntries(Object.entries(state.announced).filter(([key]) => keys.has(key))),
    latest: Object.fromEntries(Object.entries(state.latest).filter(([model]) => models.has(model))),
  };
};
