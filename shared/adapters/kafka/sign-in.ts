import type { ConnectionOptions } from 'node:tls';
import type { SASLOptions } from 'kafkajs';
import { type MskIamSettings, mskIamToken } from './msk-iam-token.ts';

/** How the client proves who it is. */
export type KafkaSignIn =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly password: string;
    }
  /** With AWS credentials, to Amazon MSK. */
  | (MskIamSettings & { readonly mechanism: 'msk-iam' });

/** TLS beyond the system's own authorities. All are texts in PEM. */
export interface KafkaTls {
  /** Whom to trust instead. */
  readonly ca?: string;
  /** The client's certificate and its key, for clusters that ask for one (mTLS). */
  readonly certificate?: string;
  readonly key?: string;
}

/** What kafkajs calls it. A token is made for every sign-in, and again before the broker's session ends. */
export const saslOf = (signIn: KafkaSignIn): SASLOptions => {
  switch (signIn.mechanism) {
    case 'msk-iam':
      return {
        mechanism: 'oauthbearer',
        oauthBearerProvider: async () => ({ value: await mskIamToken(signIn, Date.now()) }),
      };
    case 'plain':
      return { mechanism: 'plain', username: signIn.username, password: signIn.password };
    case 'scram-sha-256':
      return { mechanism: 'scram-sha-256', username: signIn.username, password: signIn.password };
    case 'scram-sha-512':
      return { mechanism: 'scram-sha-512', username: signIn.username, password: signIn.password };
  }
};

export const tlsOf = (tls: boolean | KafkaTls): ConnectionOptions | false => {
  if (tls === false) return false;
  if (tls === true) return {};
  return {
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.certificate === undefined ? {} : { cert: tls.certificate }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
  };
};
