import { type Refusal, refusal } from '../refusal.ts';
import type { Stage } from '../stage.ts';

/** Ports and ways to sign in that MSK does not put together. */
export const signInRefusals = ({ stream }: Stage): Refusal[] => {
  if (stream.kind !== 'msk') return [];
  const { by } = stream.signIn;
  const port = ports[by];
  const wrong = stream.brokers.flatMap((broker, index) =>
    broker.endsWith(`:${port}`)
      ? []
      : [
          refusal(
            ['stream', 'brokers', index],
            `a cluster of MSK takes ${names[by]} on port ${port}`,
            `write the broker with :${port}, from \`aws kafka get-bootstrap-brokers\``,
            'change stream.signIn',
          ),
        ],
  );
  const notIam =
    stream.serverless && by !== 'iam'
      ? [refusal(['stream', 'signIn', 'by'], 'MSK Serverless lets in by IAM alone', 'write signIn: { by: iam }')]
      : [];
  return [...notIam, ...wrong];
};

/** docs.aws.amazon.com/msk/latest/developerguide/port-info.html */
const ports = { iam: 9098, 'scram-sha-512': 9096, mtls: 9094 } as const;
const names = { iam: 'IAM', 'scram-sha-512': 'SCRAM', mtls: 'mTLS' } as const;
