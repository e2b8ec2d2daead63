/** The same object; every call of a method is noted as `name.method` before it is made. */
export const spying = <T extends object>(name: string, port: T, calls: string[]): T =>
  new Proxy(port, {
    get: (target, method, receiver) => {
      const member: unknown = Reflect.get(target, method, receiver);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        calls.push(`${name}.${String(method)}`);
        return Reflect.apply(member, target, args);
      };
    },
  });
