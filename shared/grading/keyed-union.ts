import * as z from 'zod';

type Options = Readonly<Record<string, z.ZodType>>;
type OutputOf<O extends Options> = { [K in keyof O]: z.output<O[K]> }[keyof O];

/**
 * One of several strict objects, each told by the key it is listed under. `hint` says what may be written when none
 * fits; `refusals` what to write instead of a key that is known and not supported.
 */
export const keyedUnion = <O extends Options>(
  options: O,
  hint: string,
  refusals: Readonly<Record<string, string>> = {},
): z.ZodType<OutputOf<O>> => {
  const refusing = Object.entries(refusals).map(([key, message]) => z.strictObject({ [key]: z.never(message) }));
  return z.union([...Object.values(options), ...refusing], hint) as z.ZodType<OutputOf<O>>;
};

/** A setting that is refused with a sentence saying what to write instead. Absent is fine. */
export const refused = (message: string): z.ZodOptional<z.ZodUndefined> => z.undefined({ error: message }).optional();
