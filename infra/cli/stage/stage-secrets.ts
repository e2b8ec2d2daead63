import type { Deployment } from '../../../shared/definitions/deployment.ts';
import { authorityPrefix, streamPrefix } from '../../aws/config/engine-of-stage.ts';
import type { Stage } from '../../aws/config/stage.ts';

/** Where AWS keeps what the engine of a stage refers to (`engineOfStage`). None where brokers know us by IAM. */
export const stageSecrets = ({ stream }: Pick<Stage, 'stream'>): Deployment['REGRADE_SECRETS'] => {
  const signIn = 'signIn' in stream && stream.signIn.by !== 'iam' ? stream.signIn : undefined;
  const authority = stream.kind === 'kafka' ? stream.authority : undefined;
  return [
    ...(signIn === undefined ? [] : [{ prefix: streamPrefix, arn: signIn.secret }]),
    ...(authority === undefined ? [] : [{ prefix: authorityPrefix, arn: authority }]),
  ];
};
