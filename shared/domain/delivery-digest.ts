import { type Delivery, isWaiting } from './delivery.ts';
import type { Language } from './message.ts';
import { waitsForSummary } from './model-alerts.ts';

/** Digests are made for whom: everybody on the channel together, each recipient by themselves, or not at all. */
export type DigestBy = 'channel' | 'recipient' | 'never';

export interface Digest {
  readonly delivery: Delivery;
  /** Ids of the alerts it stands for. */
  readonly members: readonly string[];
}

/** Alerts that a digest names one by one; the rest is a number. */
const listed = 20;

/** Packs waiting alerts of one channel. Alerts with nobody to share a digest with stay as they are, and so do those of a change of model. */
export const digestsOf = (
  waiting: readonly Delivery[],
  by: DigestBy,
  language: Language,
  hash: (text: string) => string,
): readonly Digest[] =>
  packed(
    waiting.filter((delivery) => !waitsForSummary(delivery)),
    by,
  ).flatMap((alerts) => (alerts.length < 2 ? [] : [digestOf(alerts, digestWords[language], hash)]));

/** Packs what waits for the summary of a change of model, also a single alert: nothing else takes it up. */
export const summariesOf = (
  waiting: readonly Delivery[],
  by: DigestBy,
  language: Language,
  hash: (text: string) => string,
): readonly Digest[] =>
  packed(
    waiting.filter(waitsForSummary).map((delivery) => ({ ...delivery, dueAt: 0 })),
    by,
  ).map((alerts) => digestOf(alerts, summaryWords[language], hash));

type Alerts = readonly [Alert, ...Alert[]];

const packed = (waiting: readonly Delivery[], by: DigestBy): readonly Alerts[] => {
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
    return first === undefined ? [] : [[first, ...alerts.slice(1)] as const];
  });
};

type Alert = Delivery & { readonly content: Extract<Delivery['content'], { kind: 'alert' }> };

const isWaitingAlert = (delivery: Delivery): delivery is Alert =>
  delivery.content.kind === 'alert' && isWaiting(delivery.status);

interface Words {
  readonly title: (alerts: number) => string;
  readonly rest: (alerts: number) => string;
}

const digestOf = (alerts: Alerts, words: Words, hash: (text: string) => string): Digest => {
  const members = alerts.map(({ id }) => id);
  const lines = alerts.slice(0, listed).map(({ content }) => `• ${content.title}`);
  const more = alerts.length - lines.length;
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
        title: words.title(alerts.length),
        text: [...lines, ...(more > 0 ? [words.rest(more)] : [])].join('\n'),
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

const rest = {
  en: (alerts: number): string => `… and ${alerts} more`,
  zh: (alerts: number): string => `……另有 ${alerts} 条`,
};

const digestWords: Readonly<Record<Language, Words>> = {
  en: { title: (alerts) => `${alerts} grade alerts`, rest: rest.en },
  zh: { title: (alerts) => `${alerts} 条客户等级提醒`, rest: rest.zh },
};

const summaryWords: Readonly<Record<Language, Words>> = {
  en: { title: (alerts) => `A new grading model changed ${alerts} grade${alerts === 1 ? '' : 's'}`, rest: rest.en },
  zh: { title: (alerts) => `新的分级模型改变了 ${alerts} 个客户的等级`, rest: rest.zh },
};
