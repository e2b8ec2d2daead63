import * as z from 'zod';

/** One text for all languages, or one per language. A language that is missing borrows the other's. */
export const Text = z
  .union([z.string().min(1), z.strictObject({ zh: z.string().min(1).optional(), en: z.string().min(1).optional() })], {
    error: 'a text is one string, or { zh: …, en: … }',
  })
  .transform((text, ctx) => {
    const { zh, en } = typeof text === 'string' ? { zh: text, en: text } : text;
    const any = en ?? zh;
    if (any === undefined) ctx.addIssue({ code: 'custom', message: 'a text needs zh, en or both' });
    return { zh: zh ?? any ?? '', en: en ?? any ?? '' };
  });
export type Text = z.output<typeof Text>;
