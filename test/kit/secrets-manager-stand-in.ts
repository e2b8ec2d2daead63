import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SecretsManagerStandIn {
  /** For AWS_ENDPOINT_URL_SECRETS_MANAGER. */
  readonly url: string;
  /** From now on a secret holds this text. */
  put(arn: string, text: string): void;
  /** From now on answers every request so; with what it holds again where it is absent. */
  answerWith(failure?: { readonly status: number; readonly type: string }): void;
  /** How often each was asked for. */
  asked(): readonly string[];
  stop(): Promise<void>;
}

/** `GetSecretValue` and `PutSecretValue` of AWS Secrets Manager (docs.aws.amazon.com/secretsmanager/latest/apireference), on loopback. */
export const startSecretsManagerStandIn = async (): Promise<SecretsManagerStandIn> => {
  const held = new Map<string, string>();
  const asked: string[] = [];
  let failure: { readonly status: number; readonly type: string } | undefined;
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { SecretId: arn, SecretString: put } = JSON.parse(body) as { SecretId: string; SecretString?: string };
      if (put === undefined) asked.push(arn);
      else if (failure === undefined && held.has(arn)) held.set(arn, put);
      const text = held.get(arn);
      const fault = failure ?? (text === undefined ? { status: 400, type: 'ResourceNotFoundException' } : undefined);
      response.writeHead(fault?.status ?? 200, { 'Content-Type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(fault === undefined ? { ARN: arn, SecretString: text } : { __type: fault.type }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    put: (arn, text) => void held.set(arn, text),
    answerWith: (next) => {
      failure = next;
    },
    asked: () => asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

export const secretArn = (name: string): string =>
  `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-AbC1d2`;

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};
