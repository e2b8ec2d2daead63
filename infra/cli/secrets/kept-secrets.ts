import type { Workspace } from '../../../shared/definitions/workspace.ts';
import { secretNamesOf, type WorkspacePurpose } from '../../aws/config/secret-names.ts';
import type { SecretAnswer, SecretsDesk } from '../secrets-desk.ts';

/** A secret in AWS Secrets Manager that a stage's functions read, with the names that the workspace wants in it. */
export interface WantedSecret {
  readonly purpose: WorkspacePurpose;
  /** Its name there. */
  readonly id: string;
  readonly names: readonly string[];
}

/** Only those that the workspace needs. */
export const keptSecretsOf = (stage: string, workspace: Workspace): readonly WantedSecret[] => {
  const names = secretNamesOf(workspace);
  return (['entrances', 'crm', 'channels'] as const)
    .map((purpose) => ({ purpose, id: `regrade/${stage}/${purpose}`, names: names[purpose] }))
    .filter((secret) => secret.names.length > 0);
};

export interface ReadSecret {
  readonly secret: WantedSecret;
  readonly answer: SecretAnswer;
  /** Names without a text; none where the secret could not be read. */
  readonly missing: readonly string[];
}

export const readKept = async (desk: SecretsDesk, secret: WantedSecret): Promise<ReadSecret> => {
  const answer = await desk.read(secret.id);
  const values = answer.outcome === 'read' ? answer.values : undefined;
  const missing = values === undefined ? [] : secret.names.filter((name) => (values[name] ?? '').trim() === '');
  return { secret, answer, missing };
};
