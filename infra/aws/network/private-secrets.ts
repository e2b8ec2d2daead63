import {
  type FunctionDefinition,
  type FunctionName,
  functionNames,
  functions,
} from '../../../shared/definitions/functions.ts';
import { type Calls, placementOf, talksToBrokers } from '../config/placement.ts';
import type { Stage } from '../config/stage.ts';
import type { Stream } from '../config/stream.ts';
import type { SecretNames } from '../parts.ts';

/** Some function in a private subnet reads a secret, so that it needs a way to Secrets Manager. */
export const readsSecretsInPrivate = (stage: Stage, calls: Calls, names: SecretNames): boolean =>
  functionNames.some(
    (name) => placementOf(name, stage, calls) === 'private' && readsSecrets(name, stage.stream, names),
  );

const readsSecrets = (name: FunctionName, stream: Stream, names: SecretNames): boolean => {
  const { secrets }: FunctionDefinition = functions[name];
  return secrets.some((purpose) => names[purpose].length > 0) || (talksToBrokers(name) && hasSecret(stream));
};

/** Of the sign-in, or of the authority of the brokers' certificates. */
const hasSecret = (stream: Stream): boolean => {
  switch (stream.kind) {
    case 'kafka':
      return true;
    case 'msk':
      return stream.signIn.by !== 'iam';
    case 'msk-provisioned':
    case 'msk-serverless':
      return false;
  }
};
