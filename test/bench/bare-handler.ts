import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { benchSecret, signatureHeader } from './bench-workspace.ts';

// What everything is measured against: node:http that checks the same HMAC and parses the body, and keeps nothing.
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const expected = createHmac('sha256', benchSecret).update(body).digest();
    const given = Buffer.from(String(request.headers[signatureHeader]), 'hex');
    const good = given.length === expected.length && timingSafeEqual(given, expected);
    if (good) JSON.parse(body.toString('utf8'));
    response.writeHead(good ? 200 : 401, { 'content-length': 0 }).end();
  });
});
server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
process.on('disconnect', () => process.exit(0));
