import type { Stream } from '../config/stream.ts';

/** How functions and mappings prove to the brokers who they are. */
export type SignIn = 'iam' | 'mtls' | 'plain' | 'scram-sha-256' | 'scram-sha-512';

/** New clusters of ours know nobody but IAM. */
export const signInOf = (stream: Stream): SignIn => {
  switch (stream.kind) {
    case 'msk-provisioned':
    case 'msk-serverless':
      return 'iam';
    case 'kafka':
    case 'msk':
      return stream.signIn.by;
  }
};
