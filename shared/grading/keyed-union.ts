import * as z from 'zod';

type Options = Readonly<Record<string, z.ZodType>>;
type OutputOf<O extends Options> = { [K in keyof O]: z.output<O[K]> }[keyof O];

/** One of several strict objects, each told by the key it is listed under. `hint` says what may be written when none fits. */
export const keyedUnion = <O extends Options>(options: O, hint: string): z.ZodType<OutputOf<O>> =>
  z.union(Object.values(options), hint) as z.ZodType<OutputOf<O>>;
