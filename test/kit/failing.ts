import { PipelineError } from '#shared/domain/pipeline-error.ts';

/** The same object whose `method` fails the next `times` calls, before or after it did its work. */
export const failing = <T extends object>(
  port: T,
  method: keyof T & string,
  when: 'before' | 'after',
  times = 1,
): T => {
  let left = times;
  return new Proxy(port, {
    get: (target, name, receiver) => {
      const member: unknown = Reflect.get(target, name, receiver);
      if (name !== method || typeof member !== 'function') return member;
      return async (...args: unknown[]): Promise<unknown> => {
        const fails = left > 0;
        left -= 1;
        const result: unknown = fails && when === 'before' ? undefined : await Reflect.apply(member, target, args);
        if (fails) throw new PipelineError('STORE_UNAVAILABLE', 'pulled the plug', { retryable: true });
        return result;
      };
    },
  });
};
