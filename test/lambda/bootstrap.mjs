// One execution environment: what the Node.js runtime of Lambda does with a bundle, by the Runtime API
// (docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html). Argument: the module that exports `handler`.
import { request } from 'node:http';
import { pathToFileURL } from 'node:url';

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');

const call = (method, path, body) =>
  new Promise((resolve, reject) => {
    const sent = request({ host, port, method, path: `/2018-06-01/runtime${path}`, agent: false }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve({ headers: answer.headers, body: Buffer.concat(chunks).toString('utf8') }));
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });

const described = (error) =>
  JSON.stringify({ errorType: error?.name ?? 'Error', errorMessage: error?.message ?? String(error), stackTrace: [] });

const load = async () => {
  try {
    const { handler } = await import(pathToFileURL(process.argv[2]).href);
    if (typeof handler !== 'function') throw new Error('handler is not exported');
    return handler;
  } catch (error) {
    await call('POST', '/init/error', described(error));
    return process.exit(1);
  }
};

const handler = await load();
for (;;) {
  const { headers, body } = await call('GET', '/invocation/next');
  const id = headers['lambda-runtime-aws-request-id'];
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const context = {
    awsRequestId: id,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  try {
    const answer = await handler(JSON.parse(body), context);
    await call('POST', `/invocation/${id}/response`, JSON.stringify(answer ?? null));
  } catch (error) {
    await call('POST', `/invocation/${id}/error`, described(error));
  }
}
