import { type Finding, type Path, pathText } from '../../node/workspace/problem.ts';

/** Something about a combination of choices, at the key that says it: why, and what to do. */
export interface Refusal extends Finding {
  readonly part: 'value';
  readonly cure: string;
}

/** Several cures are alternatives. */
export const refusal = (path: Path, message: string, ...cures: readonly string[]): Refusal => ({
  path,
  part: 'value',
  message,
  cure: cures.join('; or '),
});

/** One sentence. */
export const refusalText = ({ path, message, cure }: Refusal): string => `${pathText(path)}: ${message}; ${cure}`;
