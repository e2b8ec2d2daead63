/**
 * Tells what led to what, by ids alone, so that one webhook can be followed through every stage. `from`: what was worked; `to`: what came
 * of it, which the next stage has as its `from`. Outcomes are few and fixed words.
 */
export type Trail = (stage: string, from: readonly string[], to: readonly string[], outcome: string) => void;
