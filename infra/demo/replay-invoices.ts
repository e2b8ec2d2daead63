import { setTimeout as pause } from 'node:timers/promises';
import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../shared/domain/instant.ts';
import type { SimulatedClock } from '../../shared/runtime/clocks.ts';
import type { RunningNode } from '../node/start-node.ts';
import { type DemoPosition, savePosition } from './demo-position.ts';
import type { InvoiceFeed } from './invoice-feed.ts';
import type { DemoInvoice } from './read-invoices.ts';
import type { ZohoStandIn } from './zoho-stand-in/start-zoho-stand-in.ts';

export interface ReplayParts {
  /** Where the position is kept. */
  readonly folder: string;
  readonly invoices: readonly DemoInvoice[];
  readonly feed: InvoiceFeed;
  readonly standIn: Pick<ZohoStandIn, 'settled'>;
  readonly node: Pick<RunningNode, 'idle'>;
  readonly clock: SimulatedClock;
  /** Simulated days per second. Infinity: as fast as it is graded. */
  readonly speed: number;
  /** Ends the replay after the work in hand. */
  readonly signal: AbortSignal;
}

export interface Replay {
  position(): DemoPosition;
  /** Resolves when every invoice was graded, or the signal came; the position is stored by then. */
  run(): Promise<void>;
}

const dayMs = 86_400_000;
/** So often the clock moves on even where no invoice does it. */
const longestPauseMs = 40;
/** Simulated time that is put at once: then the CRM has to get rid of its notifications first. */
const portionMs = 3 * 3_600_000;

/**
 * Puts the invoices into the CRM at their instants and moves the simulated clock along. It passes no midnight before
 * everything of the day was notified, read back, graded and acted on: windows lapse at midnight, so they lapse in order, and
 * the clock never runs ahead of the pipeline by more than a day.
 */
export const replayInvoices = (parts: ReplayParts, start: DemoPosition): Replay => {
  const { folder, invoices, feed, standIn, node, clock, signal } = parts;
  let position = start;
  const move = (next: DemoPosition): void => {
    position = next;
    savePosition(folder, next);
  };
  const nextAt = (): Instant => invoices[position.offered]?.at ?? Number.POSITIVE_INFINITY;
  const offerUntil = async (at: Instant): Promise<void> => {
    const from = position.offered;
    const portion = invoices.slice(from, placeAfter(invoices, from, at));
    // stored first: after a crash these may be in the CRM or not, so they are put there again
    move({ ...position, offered: from + portion.length, clock: portion.at(-1)?.at ?? position.clock });
    for (const [index, invoice] of portion.entries()) {
      clock.advanceTo(invoice.at);
      await feed.put(from + index);
    }
    // not of accounts: the CRM tells of our own writes there, and they go on meanwhile
    await standIn.settled('Invoices');
  };
  const catchUp = async (): Promise<void> => {
    await standIn.settled();
    await node.idle();
    move({ offered: position.offered, taken: position.offered, clock: clock.businessNow() });
  };
  const hasEnded = (): boolean => signal.aborted || position.offered === invoices.length;
  const run = async (): Promise<void> => {
    const pace = pacer(parts.speed, clock.businessNow());
    let midnight = nextMidnight(clock.businessNow());
    while (!hasEnded()) {
      const [reached, next] = [pace.reached(), nextAt()];
      if (reached < Math.min(next, midnight)) {
        clock.advanceTo(reached);
        await pause(pace.msUntil(Math.min(next, midnight)));
      } else if (next < midnight) {
        await offerUntil(Math.min(reached, next + portionMs, midnight - 1));
      } else {
        // a day without invoices left nothing to wait for: its own timers fire in order by themselves
        if (position.taken < position.offered) await catchUp();
        move({ ...position, clock: midnight });
        clock.advanceTo(midnight);
        pace.restart(midnight);
        midnight = nextMidnight(midnight);
      }
    }
    await catchUp();
    // the CRM has told us of our own writes meanwhile: those notifications are counted before we say it balances
    await catchUp();
  };
  return { position: () => position, run };
};

/** The place of the first invoice later than an instant. */
const placeAfter = (invoices: readonly DemoInvoice[], from: number, at: Instant): number => {
  let end = from;
  while (end < invoices.length && (invoices[end]?.at ?? Number.POSITIVE_INFINITY) <= at) end += 1;
  return end;
};

/** The simulated instant that the wall clock allows, counted anew from each midnight: what was waited for is not run after. */
const pacer = (daysPerSecond: number, start: Instant) => {
  const rate = (daysPerSecond * dayMs) / 1_000;
  let base = { simulated: start, wall: Date.now() };
  const reached = (): Instant =>
    Number.isFinite(rate) ? base.simulated + (Date.now() - base.wall) * rate : Number.POSITIVE_INFINITY;
  return {
    reached,
    msUntil: (at: Instant): number => Math.min(longestPauseMs, Math.max(1, Math.ceil((at - reached()) / rate))),
    restart: (at: Instant): void => {
      base = { simulated: at, wall: Date.now() };
    },
  };
};

/** London's. */
const nextMidnight = (at: Instant): Instant =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(at))
    .toZonedDateTimeISO('Europe/London')
    .startOfDay()
    .add({ days: 1 }).epochMilliseconds;
