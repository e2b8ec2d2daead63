import { type Delivery, type SendResult, settleAttempt } from '../domain/delivery.ts';
import { digestsOf } from '../domain/delivery-digest.ts';
import { paceOf } from '../domain/delivery-schedule.ts';
import type { Language } from '../domain/message.ts';
import type { ActionStore } from '../ports/action-store.ts';
import { type Channel, resends } from '../ports/channel.ts';
import type { Clock } from '../ports/clock.ts';

export interface DeliverDeps {
  readonly actions: ActionStore;
  readonly channels: Readonly<Record<string, Channel>>;
  readonly clock: Pick<Clock, 'wallNow'>;
  readonly language: Language;
  /** In [0, 1): spreads retries. */
  readonly random: () => number;
  /** SHA-256 as lower-case hex. */
  readonly hash: (text: string) => string;
  /** Hears of every attempt that ended, after it is stored. */
  readonly attempted?: (delivery: Delivery) => void;
}

export interface Deliver {
  /** Sends what is due on these channels. Names that are not configured are passed over. */
  sendOn(channels: Iterable<string>): Promise<void>;
  /** Sends what is due on every channel. */
  sendDue(): Promise<void>;
  /** After a crash, before anything else is sent: attempts begun at least this long ago count as unknown. Returns how many. */
  recover(olderThanMs: number): Promise<number>;
}

/** The most alerts that go into one round of digests. */
const digestRound = 2_000;

/**
 * Each channel is served by itself and by one loop at a time: a slow one keeps nobody waiting but its own. A call resolves
 * when its channels have nothing more that may be sent now; calls may overlap. What has to wait is due again by the store.
 */
export const deliver = (deps: DeliverDeps): Deliver => {
  const loops = new Map<string, Loop>();
  const serve = (name: string): Promise<void> => {
    const channel = Object.hasOwn(deps.channels, name) ? deps.channels[name] : undefined;
    if (channel === undefined) return Promise.resolve();
    const known = loops.get(name) ?? singleLoop(() => serveChannel(name, channel, deps));
    loops.set(name, known);
    return known();
  };
  const serveAll = async (names: Iterable<string>): Promise<void> => {
    await Promise.all([...names].map(serve));
  };
  return {
    sendOn: serveAll,
    sendDue: () => serveAll(Object.keys(deps.channels)),
    recover: (olderThanMs) => {
      const wallNow = deps.clock.wallNow();
      return deps.actions.recover({
        wallNow,
        startedBefore: wallNow - olderThanMs,
        // of a channel that is configured no more nobody can say whether a repeat does harm
        resends: (name) => Object.hasOwn(deps.channels, name) && resends(deps.channels[name] as Channel),
      });
    },
  };
};

type Loop = () => Promise<void>;

/** Runs once at a time. A call during a run gets one more run after it, shared by all who called meanwhile. */
const singleLoop = (run: () => Promise<void>): Loop => {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const start = (): Promise<void> => {
    running = run().finally(() => {
      running = undefined;
    });
    return running;
  };
  const startAgain = (): Promise<void> => {
    next = undefined;
    return start();
  };
  return () => {
    if (running === undefined) return start();
    next ??= running.then(startAgain, startAgain);
    return next;
  };
};

const serveChannel = async (name: string, channel: Channel, deps: DeliverDeps): Promise<void> => {
  await digestWhenCrowded(name, channel, deps);
  const pace = channel.perMinute === undefined ? {} : { pace: paceOf(channel.perMinute) };
  for (;;) {
    const claim = { channel: name, wallNow: deps.clock.wallNow(), limit: channel.concurrency, ...pace };
    const sending = await deps.actions.claimSending(claim);
    if (sending.length === 0) return;
    const attempts = await Promise.all(sending.map((delivery) => attempt(delivery, channel, deps)));
    const disabled = attempts.flatMap(({ result }) =>
      result.outcome === 'refused' && result.disable === true ? [result] : [],
    );
    // first the channel: were its delivery free again before, it would be tried again at once
    if (disabled[0] !== undefined)
      await deps.actions.disableChannel({ channel: name, reason: disabled[0].reason, since: deps.clock.wallNow() });
    await deps.actions.settle(attempts.map(({ settled }) => settled));
    for (const { settled } of attempts) deps.attempted?.(settled);
  }
};

const attempt = async (delivery: Delivery, channel: Channel, { clock, random }: DeliverDeps) => {
  const result = await sendSafely(delivery, channel);
  const settled = settleAttempt(delivery, result, {
    wallNow: clock.wallNow(),
    random: random(),
    resends: resends(channel),
  });
  return { result, settled };
};

/** A channel that throws broke its promise; of the delivery nobody knows. One failing must not take its neighbours along. */
const sendSafely = async (delivery: Delivery, channel: Channel): Promise<SendResult> => {
  try {
    return await channel.send(delivery);
  } catch (error) {
    return { outcome: 'unknown', reason: `channel failed: ${error instanceof Error ? error.message : String(error)}` };
  }
};

const digestWhenCrowded = async (name: string, channel: Channel, deps: DeliverDeps): Promise<void> => {
  if (channel.perMinute === undefined || channel.digestBy === 'never') return;
  const { sends } = paceOf(channel.perMinute);
  if ((await deps.actions.countWaitingAlerts(name)) <= sends) return;
  const waiting = await deps.actions.findWaitingAlerts(name, digestRound);
  // one that lost a member to another instance is made anew by the next round
  for (const digest of digestsOf(waiting, channel.digestBy, deps.language, deps.hash))
    await deps.actions.commitDigest(digest);
};
