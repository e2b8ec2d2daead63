import { findSecretFaults } from '../../node/workspace/find-secret-faults.ts';
import type { LoadedWorkspace } from '../../node/workspace/load-workspace.ts';
import { secretRefsOf } from '../../node/workspace/secret-refs.ts';
import type { Finding } from '../checkup.ts';
import type { CliContext } from '../context.ts';
import { keptSecretsOf, readKept } from '../secrets/kept-secrets.ts';
import { secretsTexts } from '../secrets/secrets-texts.ts';
import { openStage } from '../stage/open-stage.ts';

/** What the workspace refers to: in this environment, or where AWS keeps it for a stage. */
export async function* checkSecrets(
  context: CliContext,
  loaded: LoadedWorkspace,
  stage: string | undefined,
): AsyncGenerator<Finding, void, undefined> {
  if (stage === undefined) yield inEnvironment(context, loaded);
  else yield* inStage(context, loaded, stage);
}

const inEnvironment = ({ environment, language }: CliContext, { workspace, folder }: LoadedWorkspace): Finding => {
  const faults = findSecretFaults(workspace, { environment, folder }, language);
  if (faults.length > 0) return { code: 'secrets:missing', says: [faults.map(({ message }) => message).join('; ')] };
  return { code: 'secrets:fine', says: [String(secretRefsOf(workspace).length)] };
};

async function* inStage(
  context: CliContext,
  { workspace }: LoadedWorkspace,
  named: string,
): AsyncGenerator<Finding, void, undefined> {
  const opened = await openStage(context, named);
  if (opened === undefined) return;
  const kept = keptSecretsOf(opened.name, workspace);
  const desk = await context.openSecrets(opened.stage.region);
  try {
    const read = await Promise.all(kept.map((secret) => readKept(desk, secret)));
    for (const { secret, answer } of read)
      if (answer.outcome !== 'read')
        yield { code: 'secrets:unread', says: [secret.id, secretsTexts[context.language].why(answer)] };
    const missing = read.flatMap(({ missing: names }) => names);
    if (missing.length > 0) yield { code: 'secrets:missing', says: [missing.join(', ')] };
    else if (read.every(({ answer }) => answer.outcome === 'read'))
      yield { code: 'secrets:fine', says: [String(kept.flatMap(({ names }) => names).length)] };
  } finally {
    desk.close();
  }
}
