import * as z from 'zod';
import { CustomerExpr } from './expression.ts';
import { Id } from './id.ts';
import { keyedUnion } from './keyed-union.ts';
import { Text } from './text.ts';

const Field = z.strictObject({ field: z.string().min(1) });

export const Guard = z.strictObject({
  id: Id,
  title: Text.optional(),
  when: CustomerExpr,
  then: keyedUnion(
    {
      grade: z.strictObject({ grade: Id }),
      /** Not better than this grade. */
      cap: z.strictObject({ cap: Id }),
      /** Not worse than this grade. */
      floor: z.strictObject({ floor: Id }),
      /**
       * Keeps the grade that a field names (`manualGrade` unless another is given), or where it names none of the model
       * the grade held now: until the instant or date in `until`, without one as long as the condition holds.
       */
      hold: z.strictObject({
        hold: z.literal(true),
        grade: Field.optional(),
        until: Field.optional(),
      }),
    },
    'then is { grade: … }, { cap: … }, { floor: … } or { hold: true }',
  ),
});
