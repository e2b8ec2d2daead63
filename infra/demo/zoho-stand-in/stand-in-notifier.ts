import { setImmediate as nextTick, setTimeout as pause } from 'node:timers/promises';
import type { NotificationFault } from './stand-in-faults.ts';
import type { RecordChange } from './stand-in-records.ts';
import type { Subscription } from './stand-in-subscriptions.ts';

export interface Notifier {
  /** Queues one change for one channel. */
  tell(subscription: Subscription, change: RecordChange): void;
  /** Resolves when nothing is left to send; with a module, nothing about that one. */
  settled(module?: string): Promise<void>;
  /** Notifications that were taken with a 2xx so far, duplicates included. */
  delivered(): number;
  stop(): void;
}

export interface NotifierSettings {
  readonly url: string;
  readonly nextFault: () => NotificationFault | undefined;
  readonly now: () => number;
}

interface Queue {
  /** As it was subscribed last. */
  subscription: Subscription;
  readonly changes: RecordChange[];
}

const mostIds = 100;
const firstPauseMs = 100;
const longestPauseMs = 2_000;
const answerMs = 10_000;
/** How long a held notification waits for another one that may overtake it. */
const overtakeMs = 100;

/**
 * Sends changes to channels over HTTP. One queue per channel and module: in order, one request in flight, what
 * gathers meanwhile goes together. An endpoint that does not answer 2xx gets the same body again until it does.
 */
export const createNotifier = ({ url, nextFault, now }: NotifierSettings): Notifier => {
  const queues = new Map<string, Queue>();
  const running = new Map<string, Promise<void>>();
  const stopped = new AbortController();
  let delivered = 0;

  const post = async (notifyUrl: string, body: string): Promise<boolean> => {
    try {
      const response = await fetch(notifyUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.any([stopped.signal, AbortSignal.timeout(answerMs)]),
      });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false; // the endpoint is away for the moment
    }
  };

  const send = async (notifyUrl: string, body: string): Promise<void> => {
    for (let pauseMs = firstPauseMs; !stopped.signal.aborted; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
      if (await post(notifyUrl, body)) {
        delivered += 1;
        return;
      }
      await rest(pauseMs);
    }
  };

  const rest = (ms: number): Promise<void> => pause(ms, undefined, { signal: stopped.signal }).catch(() => undefined);

  const drain = async (queue: Queue): Promise<void> => {
    const { changes } = queue;
    let held: string | undefined;
    while (!stopped.signal.aborted && (changes.length > 0 || held !== undefined)) {
      if (changes.length === 0) await rest(overtakeMs);
      const batch = changes.length === 0 ? undefined : bodyOf(queue.subscription, takeBatch(changes), url, now());
      const fault = batch === undefined ? undefined : nextFault();
      if (batch !== undefined && fault === 'reordered' && held === undefined) {
        held = batch;
        continue;
      }
      const due = [...(fault === 'lost' ? [] : [batch]), ...(fault === 'duplicated' ? [batch] : []), held];
      held = undefined;
      for (const body of due) if (body !== undefined) await send(queue.subscription.watch.notify_url, body);
    }
  };

  const run = async (key: string, queue: Queue): Promise<void> => {
    do {
      await nextTick(); // whatever is written in this tick goes together
      await drain(queue);
    } while (queue.changes.length > 0 && !stopped.signal.aborted);
    running.delete(key);
  };

  return {
    tell: (subscription, change) => {
      const key = `${subscription.watch.channel_id}/${change.module}`;
      const queue = queues.get(key) ?? { subscription, changes: [] };
      queues.set(key, queue);
      queue.subscription = subscription;
      queue.changes.push(change);
      if (!running.has(key)) running.set(key, run(key, queue));
    },
    settled: async (module) => {
      const left = (): Promise<void>[] =>
        [...running].flatMap(([key, sending]) => (module === undefined || key.endsWith(`/${module}`) ? [sending] : []));
      for (let sending = left(); sending.length > 0; sending = left()) await Promise.all(sending);
    },
    delivered: () => delivered,
    stop: () => stopped.abort(),
  };
};

/** The longest start of the queue that one notification can say: one operation, each record once. */
const takeBatch = (changes: RecordChange[]): readonly RecordChange[] => {
  const seen = new Set<string>();
  const end = changes.findIndex(({ operation, id }) => {
    if (operation !== changes[0]?.operation || seen.has(id) || seen.size === mostIds) return true;
    seen.add(id);
    return false;
  });
  return changes.splice(0, end === -1 ? changes.length : end);
};

const bodyOf = ({ watch }: Subscription, batch: readonly RecordChange[], url: string, now: number): string => {
  const { module = '', operation = 'update' } = batch[0] ?? {};
  const insert = operation === 'insert';
  return JSON.stringify({
    server_time: now,
    ...(watch.return_affected_field_values && !insert
      ? { affected_values: batch.map(({ id, values }) => ({ record_id: id, values })) }
      : {}),
    query_params: Object.fromEntries(new URL(watch.notify_url).searchParams),
    module,
    resource_uri: `${url}/crm/v2/${module}`,
    ids: batch.map(({ id }) => id),
    affected_fields: insert ? [] : batch.map(({ id, fields }) => ({ [id]: fields })),
    operation,
    channel_id: watch.channel_id,
    token: watch.token ?? null,
  });
};
