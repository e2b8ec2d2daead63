import { SecretRef } from '../../../shared/definitions/secret-ref.ts';
import type { Workspace } from '../../../shared/definitions/workspace.ts';
import type { Path } from './problem.ts';

export interface FoundRef {
  readonly path: Path;
  readonly ref: SecretRef;
}

/** Every reference to a secret of connections and channels, with where it stands. */
export const secretRefsOf = ({ connections, channels }: Workspace): FoundRef[] => [
  ...refsIn(connections, ['connections']),
  ...refsIn(channels, ['channels']),
];

const refsIn = (value: unknown, path: Path): FoundRef[] => {
  if (typeof value !== 'object' || value === null) return [];
  const ref = SecretRef.safeParse(value);
  if (ref.success) return [{ path, ref: ref.data }];
  const children: [PropertyKey, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  // a mapping may name an attribute `env` or `file`; it holds no secrets
  return children.filter(([key]) => key !== 'records').flatMap(([key, child]) => refsIn(child, [...path, key]));
};
