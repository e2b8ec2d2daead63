import type { Consumer } from 'kafkajs';

/** What a client does not mend well by itself. */
export type Trouble =
  /** It will ask again on the same socket, which may be dead. */
  | 'a request was not answered'
  /** It will ask again at the same place: but where the topic was created anew, that is no longer ours. */
  | 'a fetch failed'
  /** It stopped asking, as it does in some races of a lost coordinator. */
  | 'the client fell silent';

/** Longer than the longest answer that the client waits for: a group that is dealt out anew. */
const silenceMs = 45_000;
const lookMs = 1_000;

/** Tells of every trouble, the moment it is seen. While a batch is worked silence is none. Returns what ends the watch. */
export const watchClient = (
  consumer: Consumer,
  isBusy: () => boolean,
  tell: (trouble: Trouble) => void,
): (() => void) => {
  const { FETCH_START, FETCH, GROUP_JOIN, HEARTBEAT, REQUEST_TIMEOUT } = consumer.events;
  let last = performance.now();
  const beat = (): void => {
    last = performance.now();
  };
  // by broker: a fetch that fails has a beginning and no end
  const fetching = new Set<unknown>();
  const deaf = [
    consumer.on(FETCH_START, ({ payload }) => {
      if (fetching.has(payload.nodeId)) tell('a fetch failed');
      fetching.add(payload.nodeId);
    }),
    consumer.on(FETCH, ({ payload }) => {
      fetching.delete(payload.nodeId);
      beat();
    }),
    consumer.on(GROUP_JOIN, beat),
    consumer.on(HEARTBEAT, beat),
    consumer.on(REQUEST_TIMEOUT, () => tell('a request was not answered')),
  ];
  const timer = setInterval(() => {
    if (isBusy()) beat();
    else if (performance.now() - last > silenceMs) tell('the client fell silent');
  }, lookMs);
  return () => {
    clearInterval(timer);
    for (const stop of deaf) stop();
  };
};
