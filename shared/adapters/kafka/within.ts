/** The answer did not come in time. What was asked may still happen. */
class LateError extends Error {
  override readonly name = 'LateError';
}

/** Settles as the promise does, or rejects with {@link LateError} after so many milliseconds. The promise itself goes on. */
export const within = async <T>(ms: number, promise: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LateError(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};
