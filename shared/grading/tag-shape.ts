import * as z from 'zod';
import { Operand } from './expression.ts';
import { Id } from './id.ts';
import { keyedUnion } from './keyed-union.ts';

const Label = z.union([z.string().min(1), z.number()], 'a label is a text or a number').transform(String);
const LabelSteps = z
  .array(z.tuple([z.number(), Label], 'a band is [limit, label], e.g. [500000, high]'))
  .min(1, 'name at least one band');

/** The points of one group, or of several together, cut into labelled bands. */
export const Axis = keyedUnion(
  {
    group: z.strictObject({ group: Id, ge: LabelSteps, else: Label }),
    groups: z.strictObject({ groups: z.array(Id).min(1), ge: LabelSteps, else: Label }),
  },
  'rows and cols are { group: id, ge: [[limit, label], …], else: label }, or groups: [ids]',
);

export const Tag = keyedUnion(
  {
    /** The first label whose limit the value reaches (≥); `missing` when it is unknown, without it no tag. */
    bands: z.strictObject({
      bands: z.strictObject({ on: Operand, ge: LabelSteps, else: Label, missing: Label.optional() }),
    }),
    field: z.strictObject({ field: z.string().min(1) }),
    /** Two axes joined: row A and column 2 give A2. */
    matrix: z.strictObject({ matrix: z.strictObject({ rows: Axis, cols: Axis }) }),
  },
  'a tag is one of bands, field, matrix',
);
