/**
 * Every function, in the order in which data flows: a folder of `functions/` with a `handler.ts` that exports `handler`. The
 * limits are those of the Lambda function.
 */
export const functions = {
  'receive-webhook': { timeoutSeconds: 10, memoryMb: 512 },
  'resolve-records': { timeoutSeconds: 60, memoryMb: 512 },
  'grade-customers': { timeoutSeconds: 60, memoryMb: 512 },
  'rank-cohorts': { timeoutSeconds: 60, memoryMb: 512 },
  'act-on-changes': { timeoutSeconds: 90, memoryMb: 512 },
  'keep-time': { timeoutSeconds: 120, memoryMb: 512 },
} as const;

export type FunctionName = keyof typeof functions;

export const functionNames: readonly FunctionName[] = Object.keys(functions) as FunctionName[];
