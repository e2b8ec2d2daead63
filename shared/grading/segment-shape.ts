import * as z from 'zod';
import { CustomerExpr } from './expression.ts';
import { Id } from './id.ts';

/** Anything here: what it comes to is checked on the merged model. `partOf` tells a JSON Schema what may be written. */
const part = (section: string): z.ZodOptional<z.ZodUnknown> => z.unknown().meta({ partOf: section }).optional();

/** Parts of a model. A list takes the place of the model's, `{ append: [...] }` goes behind it. */
const Settings = z.strictObject({
  title: part('title'),
  partitions: part('partitions'),
  signals: part('signals'),
  score: part('score'),
  cutoffs: part('cutoffs'),
  guards: part('guards'),
  stability: part('stability'),
  population: part('population'),
});

/** Customers for whom the model differs. The first whose condition holds is theirs. */
export const Segment = z.strictObject({ id: Id, when: CustomerExpr, set: Settings });
export type Segment = Readonly<z.output<typeof Segment>>;
