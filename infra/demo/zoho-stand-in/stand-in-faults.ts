export type CallFault =
  | 'credits'
  | 'concurrency'
  | 'sub-concurrency'
  | 'unclear-limit'
  /** The token of the call ends here. */
  | 'expired-token'
  /** The answer comes after `slowMs`. */
  | 'slow'
  /** The work is done; of the answer only the first half is sent, then the connection drops. */
  | 'half'
  | 'unavailable';

export type MintFault = 'access-denied' | 'unavailable';
export type NotificationFault = 'lost' | 'duplicated' | 'reordered';

/** Troubles on demand. Each holds for the next `count` of its kind; those of one kind queue up in the order of asking. */
export interface StandInFaults {
  reads(fault: CallFault, count: number): void;
  writes(fault: CallFault, count: number): void;
  mints(fault: MintFault, count: number): void;
  notifications(fault: NotificationFault, count: number): void;
  clear(): void;
}

export interface PendingFaults {
  readonly faults: StandInFaults;
  nextRead(): CallFault | undefined;
  nextWrite(): CallFault | undefined;
  nextMint(): MintFault | undefined;
  nextNotification(): NotificationFault | undefined;
}

export const pendingFaults = (): PendingFaults => {
  const reads = faultQueue<CallFault>();
  const writes = faultQueue<CallFault>();
  const mints = faultQueue<MintFault>();
  const notifications = faultQueue<NotificationFault>();
  return {
    faults: {
      reads: reads.add,
      writes: writes.add,
      mints: mints.add,
      notifications: notifications.add,
      clear: () => {
        for (const queue of [reads, writes, mints, notifications]) queue.clear();
      },
    },
    nextRead: reads.next,
    nextWrite: writes.next,
    nextMint: mints.next,
    nextNotification: notifications.next,
  };
};

const faultQueue = <T>() => {
  let queue: T[] = [];
  return {
    add: (fault: T, count: number): void => {
      queue.push(...Array.from({ length: count }, () => fault));
    },
    next: (): T | undefined => queue.shift(),
    clear: (): void => {
      queue = [];
    },
  };
};
