import {
  type FunctionDefinition,
  type Invoked,
  type LambdaEnvironment,
  startEnvironment,
} from './lambda-environment.ts';

export interface LambdaFunction {
  readonly name: string;
  invoke(event: unknown): Promise<Invoked>;
  /** What all its processes wrote so far. */
  lines(): readonly string[];
  /** Processes that were started so far. */
  started(): number;
  stop(): Promise<void>;
}

/** A function with as many processes as there are events at a time. A process that ended is replaced by the next event. */
export const lambdaFunction = (definition: FunctionDefinition): LambdaFunction => {
  const all: LambdaEnvironment[] = [];
  const idle: LambdaEnvironment[] = [];
  const take = async (): Promise<LambdaEnvironment> => {
    for (let next = idle.pop(); next !== undefined; next = idle.pop()) if (next.alive()) return next;
    const fresh = await startEnvironment(definition);
    all.push(fresh);
    return fresh;
  };
  return {
    name: definition.name,
    invoke: async (event) => {
      const environment = await take();
      const invoked = await environment.invoke(event);
      if (invoked.outcome === 'answered' || invoked.outcome === 'failed') idle.push(environment);
      return invoked;
    },
    lines: () => all.flatMap(({ lines }) => lines),
    started: () => all.length,
    stop: async () => {
      await Promise.all(all.map((environment) => environment.stop()));
    },
  };
};
