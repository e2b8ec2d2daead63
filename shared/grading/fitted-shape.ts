import * as z from 'zod';
import { FactType } from '../domain/fact.ts';
import { Duration } from './duration.ts';
import { type FittedModel, fittedModels } from './statistics/fitted-params.ts';

/** The facts that are purchases; several of one day count as one. Days are those of the model's time zone. */
const events = z
  .array(FactType)
  .min(1, 'name at least one kind of purchase, e.g. invoice.paid')
  .default(['invoice.paid']);
/** How far ahead purchases are expected. */
const horizon = Duration;

/** What fitting the model to data wrote. */
const of = <M extends FittedModel>(
  model: M,
): { readonly model: z.ZodLiteral<M>; readonly params: (typeof fittedModels)[M] } => ({
  model: z.literal(model),
  params: fittedModels[model],
});

/** A value that a model fitted to data gives a customer. Those over purchases are taken at local midnight and stay for the day. */
export const Fitted = z.discriminatedUnion(
  'model',
  [
    /** The chance, 0 to 1, that the customer still buys. */
    z.strictObject({ ...of('bgnbd.alive'), events }),
    z.strictObject({ ...of('mbgnbd.alive'), events }),
    /** Purchases to come within the horizon. */
    z.strictObject({ ...of('bgnbd.expected'), events, horizon }),
    z.strictObject({ ...of('mbgnbd.expected'), events, horizon }),
    /** The mean amount of a purchase, major units. */
    z.strictObject({ ...of('gammagamma.mean'), events }),
    /** What the customer is worth over the months that `params` name, discounted, major units. */
    z.strictObject({ ...of('clv'), events }),
    /** The chance of winning, 0 to 1. Features are attributes of the same name. */
    z.strictObject(of('logistic')),
    /** The chance of winning, 0 to 1. Variables are attributes of the same name, `stage` is the one that names the stage. */
    z.strictObject({ ...of('naiveBayes'), stage: z.string().min(1).default('stage') }),
  ],
  { error: `model is one of ${Object.keys(fittedModels).join(', ')}` },
);
