import type { SecretPurpose } from '../../../shared/definitions/functions.ts';
import type { Workspace } from '../../../shared/definitions/workspace.ts';
import type { Path } from '../../node/workspace/problem.ts';
import { type FoundRef, secretRefsOf } from '../../node/workspace/secret-refs.ts';
import { type Refusal, refusal } from './refusal.ts';

/** Purposes of the secrets that a workspace names; the stream's are the stage's. */
export type WorkspacePurpose = Exclude<SecretPurpose, 'stream'>;

/** The keys of each purpose's secret: every NAME that the workspace refers to by `{ env: NAME }`, each once, as they come. */
export const secretNamesOf = (workspace: Workspace): Readonly<Record<WorkspacePurpose, readonly string[]>> => {
  const names: Record<WorkspacePurpose, Set<string>> = { entrances: new Set(), crm: new Set(), channels: new Set() };
  for (const { path, ref } of secretRefsOf(workspace)) if ('env' in ref) names[purposeOf(path)].add(ref.env);
  return { entrances: [...names.entrances], crm: [...names.crm], channels: [...names.channels] };
};

/** Secrets in files, at their keys of the workspace: functions have no such files. */
export const fileSecretsOf = (workspace: Workspace): readonly Refusal[] =>
  secretRefsOf(workspace).flatMap(({ path, ref }: FoundRef) =>
    'file' in ref
      ? [
          refusal(
            path,
            `functions on AWS have no file ${ref.file}`,
            `write { env: ${nameFor(path)} }, and put it in with \`npx regrade secrets set\`: it is kept in Secrets Manager then`,
          ),
        ]
      : [],
  );

/** A connection's `client` and `app` are for reading and writing; whatever else it keeps secret proves who is calling us. */
const purposeOf = (path: Path): WorkspacePurpose => {
  const [list, , part] = path;
  if (list === 'channels') return 'channels';
  return part === 'client' || part === 'app' ? 'crm' : 'entrances';
};

/** A name such as SHOP_SIGNATURE_SECRETS. */
const nameFor = (path: Path): string =>
  path
    .slice(1)
    .filter((step) => typeof step === 'string')
    .join('_')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
