import type { Channel } from '../definitions/workspace.ts';
import { changeIdOf, type GradeChange } from './change.ts';
import type { Delivery, DeliveryContent } from './delivery.ts';
import type { Instant } from './instant.ts';
import { localDate, type MessageValues, messageValues, renderText, type Texts, type Wording } from './message.ts';
import type { Action, ActiveRule, Recipient } from './playbook.ts';
import { isMail } from './playbook-issues.ts';

export interface ActionSurroundings {
  readonly channels: Readonly<Record<string, Channel>>;
  readonly wording: Wording;
  /** SHA-256 as lower-case hex. */
  readonly hash: (text: string) => string;
}

/**
 * The deliveries of one rule for one announcement, each with the id its effect is known by.
 * `change.from` is what was announced last. An action for another CRM than the customer's is none.
 */
export const deliveriesFor = (
  { key, rule }: ActiveRule,
  change: GradeChange,
  now: Instant,
  surroundings: ActionSurroundings,
): readonly Delivery[] => {
  const values = messageValues(change, surroundings.wording);
  const perChannel = new Map<string, number>();
  return rule.do.flatMap((action) => {
    const name = channelNameOf(action);
    const nth = (perChannel.get(name) ?? 0) + 1;
    perChannel.set(name, nth);
    const channel = Object.hasOwn(surroundings.channels, name) ? surroundings.channels[name] : undefined;
    if (channel === undefined || !serves(channel, change)) return [];
    const content = contentOf(action, channel, { rule, change, now, values, wording: surroundings.wording });
    const id = surroundings.hash([change.tenant, changeIdOf(change), key, name, nth].join('\n')).slice(0, 32);
    const base = { customer: change.customer, channel: name, rule: key, change: changeIdOf(change) };
    return [
      {
        id: `act_${id}`,
        ...base,
        content,
        attempts: 0,
        unknowns: 0,
        dueAt: 0,
        createdAt: now,
        ...startOf(content, channel),
      },
    ];
  });
};

const channelNameOf = (action: Action): string => {
  if ('alert' in action) return action.alert.channel;
  return 'task' in action ? action.task.channel : action.writeGrade.channel;
};

/** A CRM only knows its own customers: a rule may name one channel per connection. */
const serves = (channel: Channel, { customer }: GradeChange): boolean =>
  !('connection' in channel) || customer.split(':', 2)[1] === channel.connection;

/** A mail to nobody cannot be sent; it stays visible among the dead instead of not being there. */
const startOf = (content: DeliveryContent, channel: Channel): Pick<Delivery, 'status' | 'lastError'> =>
  channel.type === 'email' && content.kind === 'alert' && content.recipients.length === 0
    ? { status: 'dead', lastError: 'nobody to send it to: owner or manager unknown, no fallback' }
    : { status: 'pending' };

interface Occasion {
  readonly rule: ActiveRule['rule'];
  readonly change: GradeChange;
  readonly now: Instant;
  readonly values: MessageValues;
  readonly wording: Wording;
}

const contentOf = (action: Action, channel: Channel, occasion: Occasion): DeliveryContent => {
  const { rule, change, now, values, wording } = occasion;
  const say = (texts: Texts): string => renderText(texts[wording.language], values);
  if ('alert' in action) {
    const { to, title, text } = action.alert;
    const recipients = [...new Set(to.flatMap((each) => addressesOf(each, channel, occasion)))];
    const all = to.length === 0 ? [...fallbackOf(rule.fallback, channel)] : recipients;
    return {
      kind: 'alert',
      recipients: all,
      title: say(title),
      text: say(text),
      announcement: announcementOf(change, values),
    };
  }
  if ('task' in action) {
    const { to, subject, text, dueInDays, priority } = action.task;
    const [owner] = addressesOf(to, channel, occasion);
    const due = localDate(now, wording.timezone, dueInDays);
    return {
      kind: 'task',
      subject: say(subject),
      text: say(text),
      due,
      priority,
      ...(owner === undefined ? {} : { owner }),
    };
  }
  return { kind: 'grade', grade: change.to ?? '', score: change.score, at: change.at };
};

const announcementOf = (change: GradeChange, { reasons }: MessageValues) => {
  const { customer, from, to, direction, score, model, tags, at } = change;
  return { change: changeIdOf(change), customer, from, to, direction, score, model, reasons: [...reasons], tags, at };
};

/** The attribute that holds the address of a role, by the kind of channel. */
const suffixes: Readonly<Record<Channel['type'], string>> = {
  email: 'Email',
  'crm-task': 'Id',
  'crm-grade': 'Id',
  'standard-webhook': 'Id',
  // a CRM's user id means nothing to WeCom and would be shown as it is
  'wecom-robot': 'WecomId',
};

const addressesOf = (recipient: Recipient, channel: Channel, { rule, change }: Occasion): readonly string[] => {
  if (typeof recipient === 'object') return [recipient.address];
  const value = change.attributes[`${recipient}${suffixes[channel.type]}`];
  const address = value === undefined ? '' : String(value).trim();
  const usable = address !== '' && (channel.type !== 'email' || isMail(address));
  return usable ? [address] : fallbackOf(rule.fallback, channel);
};

const fallbackOf = (fallback: readonly string[], channel: Channel): readonly string[] =>
  fallback.filter((address) => isMail(address) === (channel.type === 'email'));
