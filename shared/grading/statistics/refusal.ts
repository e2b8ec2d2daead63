/** Why nothing was computed, for the person who asked: what is missing and what to do. */
export interface Refusal {
  readonly code:
    | 'tooFewCustomers'
    | 'tooFewRepeats'
    | 'unusableHistory'
    | 'notConverged'
    | 'spendNotSettled'
    | 'spendFollowsFrequency'
    | 'tooFewExamples'
    | 'tooFewOutcomes'
    | 'knownTooLate'
    | 'tellsOutcome'
    | 'ranksNothing'
    | 'unusableFeature'
    | 'noFactors';
  readonly en: string;
  readonly zh: string;
}

export interface Refused {
  readonly ok: false;
  readonly reason: Refusal;
}

export const refuse = (code: Refusal['code'], en: string, zh: string): Refused => ({
  ok: false,
  reason: { code, en, zh },
});
