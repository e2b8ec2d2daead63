/** Hands things from one who has them to one who asks, one at a time: neither runs ahead. */
export interface HandOver<T> {
  /** Resolves when the next one was asked for, or nobody will ask any more. */
  give(thing: T): Promise<void>;
  /** There will be no more. */
  end(): void;
  fail(error: unknown): void;
  /** The next thing; undefined after the last one. */
  take(): Promise<T | undefined>;
  /** Nobody will ask any more. */
  abandon(): void;
}

export const handOver = <T>(): HandOver<T> => {
  const offers: { readonly thing: T | undefined; readonly taken: () => void }[] = [];
  let failure: { readonly error: unknown } | undefined;
  let abandoned = false;
  let wake = (): void => undefined;

  const offer = (thing: T | undefined): Promise<void> =>
    new Promise((taken) => {
      if (abandoned) {
        taken();
        return;
      }
      offers.push({ thing, taken });
      wake();
    });

  return {
    give: offer,
    end: () => void offer(undefined),
    fail: (error) => {
      failure = { error };
      wake();
    },
    take: async () => {
      for (;;) {
        if (failure !== undefined) throw failure.error;
        const first = offers.shift();
        if (first !== undefined) {
          first.taken();
          return first.thing;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    abandon: () => {
      abandoned = true;
      for (const { taken } of offers.splice(0)) taken();
    },
  };
};
