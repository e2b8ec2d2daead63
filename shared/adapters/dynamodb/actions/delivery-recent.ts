import type { Instant } from '../../../domain/instant.ts';
import { headOf, type Lane, type LaneRef, laneNameOf, waitsSince } from './delivery-lane.ts';

export interface WaitingLane {
  readonly ref: LaneRef;
  readonly since: Instant;
}

/** What this process wrote or saw just now: an index may not know of it yet. */
export interface RecentLanes {
  /** Remembers a lane while something in it may be sent next. */
  note(lane: Lane): void;
  /** Those whose head may be sent by then. */
  ofChannel(channel: string, until: Instant): readonly WaitingLane[];
}

/** More than this many of a channel are left to the index, the oldest first. */
const mostPerChannel = 500;

export const recentLanes = (): RecentLanes => {
  const channels = new Map<string, Map<string, WaitingLane>>();
  return {
    note: (lane) => {
      const { partition, sort, channel } = lane;
      const lanes = channels.get(channel) ?? new Map<string, WaitingLane>();
      channels.set(channel, lanes);
      lanes.delete(laneNameOf(lane));
      const head = headOf(lane);
      if (head === undefined) return;
      lanes.set(laneNameOf(lane), { ref: { partition, sort, channel }, since: waitsSince(head) });
      const [oldest] = lanes.keys();
      if (lanes.size > mostPerChannel && oldest !== undefined) lanes.delete(oldest);
    },
    ofChannel: (channel, until) => [...(channels.get(channel)?.values() ?? [])].filter(({ since }) => since <= until),
  };
};
