import { limits } from '../../definitions/limits.ts';
import { type ActionState, windowsDueAt } from '../../domain/action.ts';
import { attemptOf, type Delivery, isWaiting, laneOf, recoverAttempt } from '../../domain/delivery.ts';
import type { Pace } from '../../domain/delivery-schedule.ts';
import type { CustomerId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ActionCommit, ActionStore, DeliveryCount, DisabledChannel } from '../../ports/action-store.ts';

/** Acting in memory: for tests and simulations. Keeps every promise but durability. */
export const memoryActionStore = (): ActionStore => {
  const states = new Map<CustomerId, ActionState>();
  const claims = new Map<string, Instant>();
  // a map keeps the order of insertion, which is the order of decisions
  const deliveries = new Map<string, Delivery>();
  const disabled = new Map<string, DisabledChannel>();
  const sent = new Map<string, readonly Instant[]>();

  const all = (): readonly Delivery[] => [...deliveries.values()];
  const write = (delivery: Delivery): void => {
    deliveries.set(delivery.id, delivery);
    claims.delete(delivery.id);
  };
  const isOpen = ({ status }: Delivery): boolean => isWaiting(status) || status === 'sending';
  /** What waits, is due, and has nothing older of its lane before it; earliest first. */
  const dueHeads = (wallNow: Instant): readonly Delivery[] => {
    const heads = new Map<string, Delivery>();
    for (const delivery of all()) {
      const lane = laneOf(delivery);
      if (isOpen(delivery) && !heads.has(lane)) heads.set(lane, delivery);
    }
    return [...heads.values()]
      .filter(({ status, dueAt, channel }) => isWaiting(status) && dueAt <= wallNow && !disabled.has(channel))
      .sort((a, b) => a.dueAt - b.dueAt);
  };
  const isFree = (claim: string, wall: Instant): boolean => (claims.get(claim) ?? 0) <= wall;

  const supersede = (customer: CustomerId): void => {
    const newest = new Map<string, string>();
    const grades = all().filter((each) => each.customer === customer && each.content.kind === 'grade');
    for (const { id, rule, channel } of grades) newest.set(`${rule}|${channel}`, id);
    for (const each of grades)
      if ((isWaiting(each.status) || each.status === 'held') && newest.get(`${each.rule}|${each.channel}`) !== each.id)
        write({ ...each, status: 'superseded' });
  };

  const commitOne = ({ next, deliveries: added }: ActionCommit, wallNow: Instant): boolean => {
    if ((states.get(next.customer)?.version ?? 0) !== next.version - 1) return false;
    states.set(next.customer, next);
    claims.delete(next.customer);
    for (const delivery of added.filter(({ id }) => !deliveries.has(id))) {
      write(delivery);
      claims.set(delivery.id, wallNow + limits.dueClaimMs);
    }
    if (added.some(({ content }) => content.kind === 'grade')) supersede(next.customer);
    return true;
  };

  const allowance = (channel: string, { sends, windowMs }: Pace, wallNow: Instant): number => {
    const recent = (sent.get(channel) ?? []).filter((at) => at > wallNow - windowMs && at <= wallNow);
    sent.set(channel, recent);
    if (recent.length < sends) return sends - recent.length;
    const free = (recent[recent.length - sends] ?? wallNow) + windowMs;
    for (const each of all())
      if (each.channel === channel && isWaiting(each.status) && each.dueAt <= wallNow) write({ ...each, dueAt: free });
    return 0;
  };

  const waitingAlerts = (channel: string): readonly Delivery[] =>
    all().filter((each) => each.channel === channel && isWaiting(each.status) && each.content.kind === 'alert');

  return {
    findStates: async (customers) =>
      new Map(
        customers
          .map((customer) => states.get(customer))
          .filter((state) => state !== undefined)
          .map((state) => [state.customer, state]),
      ),

    commitAll: async (commits, wallNow) =>
      commits.map((commit) => ({ outcome: commitOne(commit, wallNow) ? 'committed' : 'lost' })),

    claimDue: async ({ business, wall }, limit) => {
      const ended = [...states.values()]
        .filter((state) => (windowsDueAt(state) ?? Infinity) <= business && isFree(state.customer, wall))
        .sort((a, b) => (windowsDueAt(a) ?? 0) - (windowsDueAt(b) ?? 0))
        .slice(0, limit);
      const waiting = dueHeads(wall)
        .filter(({ id }) => isFree(id, wall))
        .slice(0, limit - ended.length);
      for (const claim of [...ended.map(({ customer }) => customer), ...waiting.map(({ id }) => id)])
        claims.set(claim, wall + limits.dueClaimMs);
      return [...new Set([...ended, ...waiting].map(({ customer }) => customer))].map((customer) => ({
        customer,
        asOf: business,
      }));
    },

    claimSending: async ({ channel, wallNow, limit, pace }) => {
      if (disabled.has(channel)) return [];
      const allowed = pace === undefined ? limit : Math.min(limit, allowance(channel, pace, wallNow));
      const claimed = dueHeads(wallNow)
        .filter((each) => each.channel === channel)
        .slice(0, allowed)
        .map((delivery) => attemptOf(delivery, wallNow));
      claimed.forEach(write);
      if (pace !== undefined) sent.set(channel, [...(sent.get(channel) ?? []), ...claimed.map(() => wallNow)]);
      return claimed;
    },

    settle: async (results) => {
      for (const result of results) {
        const stored = deliveries.get(result.id);
        if (stored?.attempts === result.attempts && ['sending', 'unknown', 'held', 'dead'].includes(stored.status))
          write(result);
        supersede(result.customer);
      }
    },

    recover: async ({ wallNow, startedBefore, resends }) => {
      const left = all().filter(({ status, sentAt }) => status === 'sending' && (sentAt ?? 0) <= startedBefore);
      for (const delivery of left) {
        write(recoverAttempt(delivery, wallNow, resends(delivery.channel)));
        supersede(delivery.customer);
      }
      for (const [claim, until] of claims) if (until <= startedBefore + limits.dueClaimMs) claims.delete(claim);
      return left.length;
    },

    findWaitingAlerts: async (channel, limit) => waitingAlerts(channel).slice(0, limit),
    countWaitingAlerts: async (channel) => waitingAlerts(channel).length,

    commitDigest: async ({ delivery, members }) => {
      const found = members
        .map((id) => deliveries.get(id))
        .filter((each) => each !== undefined && isWaiting(each.status));
      if (found.length < members.length) return false;
      for (const member of found)
        if (member !== undefined) write({ ...member, status: 'digested', digest: delivery.id });
      write(delivery);
      return true;
    },

    disableChannel: async (channel) => {
      if (!disabled.has(channel.channel)) disabled.set(channel.channel, channel);
    },
    enableChannel: async (channel) => {
      disabled.delete(channel);
    },
    readDisabledChannels: async () => [...disabled.values()].sort((a, b) => (a.channel < b.channel ? -1 : 1)),

    release: async (ids, wallNow) => {
      const free = ids
        .map((id) => deliveries.get(id))
        .filter((each) => each?.status === 'held' || each?.status === 'dead');
      for (const each of free) if (each !== undefined) write({ ...each, status: 'retry', attempts: 0, dueAt: wallNow });
      for (const each of free) if (each !== undefined) supersede(each.customer);
      return free.length;
    },

    findDeliveries: async (ids) => ids.map((id) => deliveries.get(id)).filter((each) => each !== undefined),
    listDeliveries: async (customer, limit) =>
      all()
        .filter((each) => each.customer === customer)
        .reverse()
        .slice(0, limit),
    countDeliveries: async () => {
      const counts = new Map<string, DeliveryCount>();
      for (const { channel, status, unknowns } of all()) {
        const before = counts.get(`${channel}|${status}`) ?? { channel, status, deliveries: 0, unknowns: 0 };
        const count = { ...before, deliveries: before.deliveries + 1, unknowns: before.unknowns + unknowns };
        counts.set(`${channel}|${status}`, count);
      }
      return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
    },
  };
};
