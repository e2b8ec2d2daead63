import * as z from 'zod';

type Options = Readonly<Record<string, z.ZodType>>;
type OutputOf<O extends Options> = { [K in keyof O]: z.output<O[K]> }[keyof O];

/**
 * One of several objects, told apart by the key that it has. Unlike a plain union, a fault inside the chosen one is
 * reported where it stands; `hint` says what may be written when no key is known, `refusals` what to write instead of
 * a key that is known and not supported. To JSON Schema it is a plain union. Parsing its own result changes nothing.
 */
export const keyedUnion = <O extends Options>(
  options: O,
  hint: string,
  refusals: Readonly<Record<string, string>> = {},
): z.ZodType<OutputOf<O>> => {
  const chosen = z.preprocess(
    (input, ctx) => {
      const refusal = keyIn(refusals, input);
      if (refusal !== undefined) ctx.issues.push({ code: 'custom', path: [refusal], message: refusals[refusal] ?? '', input });
      if (refusal !== undefined) return z.NEVER;
      return parseInto(options[keyIn(options, input) ?? ''], hint, input, ctx);
    },
    z.union(Object.values(options)),
  );
  return chosen as z.ZodType<OutputOf<O>>;
};

/** Parses with the schema and passes its issues on; without a schema the input is refused with the hint. */
export const parseInto = <T>(schema: z.ZodType<T> | undefined, hint: string, input: unknown, ctx: z.RefinementCtx): T => {
  const parsed = schema?.safeParse(input);
  if (parsed?.success === true) return parsed.data;
  for (const issue of parsed?.error.issues ?? [{ code: 'custom' as const, path: [], message: hint }])
    ctx.issues.push({ ...issue, path: [...issue.path], input, continue: false } as z.core.$ZodRawIssue);
  return z.NEVER;
};

const keyIn = (known: Readonly<Record<string, unknown>>, input: unknown): string | undefined => {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined;
  return Object.keys(known).find((key) => Object.hasOwn(input, key));
};

/** A setting that is refused with a sentence saying what to write instead. Absent is fine. */
export const refused = (message: string): z.ZodOptional<z.ZodUndefined> => z.undefined({ error: message }).optional();
