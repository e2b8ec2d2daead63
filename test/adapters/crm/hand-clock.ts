/** A clock that stands still until somebody sleeps, or moves it. */
export const handClock = (start = Date.parse('2026-09-26T10:00:00Z')) => {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    wallNow: () => now,
    advance: (ms: number) => {
      now += ms;
    },
    sleep: async (ms: number) => {
      slept.push(ms);
      now += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
};
