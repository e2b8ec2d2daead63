import { type Delivery, isWaiting } from './delivery.ts';
import type { Language } from './message.ts';

/** Digests are made for whom: everybody on the channel together, each recipient by themselves, or not at all. */
export type DigestBy = 'channel' | 'recipient' | 'never';

export interface Digest {
  readonly delivery: Delivery;
  /** Ids of the alerts it stands for. */
  readonly members: readonly string[];
}

/** Alerts that a digest names one by one; the rest is a number. */
const listed = 20;

/** Packs waiting alerts of one channel. Alerts with nobody to share a digest with stay as they are. */
export const digestsOf = (
  waiting: readonly Delivery[],
  by: DigestBy,
  language: Language,
  hash: (text: string) => string,
): readonly Digest[] => {
  if (by === 'never') return [];
  const groups = new Map<string, Alert[]>();
  for (const alert of waiting.filter(isWaitingAlert)) {
    const key = by === 'channel' ? '' : [...alert.content.recipients].sort().join(',');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [alert]);
    else group.push(alert);
  }
  return [...groups.values()].flatMap((alerts) => {
    const [first] = alerts;
    return first === undefined || alerts.length < 2 ? [] : [digestOf([first, ...alerts.slice(1)], language, hash)];
  });
};

type Alert = Delivery & { readonly content: Extract<Delivery['content'], { kind: 'alert' }> };

const isWaitingAlert = (delivery: Delivery): delivery is Alert =>
  delivery.content.kind === 'alert' && isWaiting(delivery.status);

const digestOf = (alerts: readonly [Alert, ...Alert[]], language: Language, hash: (text: string) => string): Digest => {
  const members = alerts.map(({ id }) => id);
  const lines = alerts.slice(0, listed).map(({ content }) => `• ${content.title}`);
  const more = alerts.length - lines.length;
  const { title, rest } = words(alerts.length, more, language);
  return {
    members,
    delivery: {
      id: `dig_${hash(members.join('\n')).slice(0, 32)}`,
      customer: alerts[0].customer,
      channel: alerts[0].channel,
      rule: '',
      change: '',
      content: {
        kind: 'digest',
        recipients: [...new Set(alerts.flatMap(({ content }) => content.recipients))].sort(),
        title,
        text: [...lines, ...(more > 0 ? [rest] : [])].join('\n'),
        alerts: alerts.length,
      },
      status: 'pending',
      attempts: 0,
      unknowns: 0,
      // where all of them are backing off, the channel is in trouble: the digest waits as the first of them would
      dueAt: Math.min(...alerts.map(({ dueAt }) => dueAt)),
      createdAt: Math.max(...alerts.map(({ createdAt }) => createdAt)),
    },
  };
};

const words = (alerts: number, more: number, language: Language): { title: string; rest: string } =>
  language === 'zh'
    ? { title: `${alerts} 条客户等级提醒`, rest: `……另有 ${more} 条` }
    : { title: `${alerts} grade alerts`, rest: `… and ${more} more` };
