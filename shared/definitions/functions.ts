/** Every function, in the order in which data flows. */
export const functionNames = [
  'receive-webhook',
  'resolve-records',
  'grade-customers',
  'act-on-changes',
  'keep-time',
] as const;

export type FunctionName = (typeof functionNames)[number];
