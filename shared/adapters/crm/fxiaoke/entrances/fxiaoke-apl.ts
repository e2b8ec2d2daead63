import { createHmac } from 'node:crypto';
import * as z from 'zod';
import { type JsonRead, readJson } from '../../../../domain/read-json.ts';
import type { Delivery, Entered, Entrance } from '../../../../ports/entrance.ts';
import { anyOfSecrets, sameText } from '../../../../runtime/same-secret.ts';
import { FxiaokeObject, FxiaokeRecordId } from './fxiaoke-names.ts';

export interface FxiaokeAplOptions {
  readonly auth: 'hmac-body' | 'hmac-fields' | 'bearer';
  readonly secrets: readonly string[];
  /** How far `X-Timestamp` may be from now. Without a signature there is nothing to hold it against. */
  readonly maxAgeSeconds: number;
}

const Told = z.object({
  /** Made once per run of the function: its HTTP call may connect twice. */
  event_id: z.string().min(1).max(200),
  api_name: FxiaokeObject,
  id: FxiaokeRecordId,
  event: z.string().optional(),
});

/**
 * An APL (Groovy) function that posts `{"event_id", "event", "api_name", "id"}`. Proven by one of
 * - `hmac-body`: `X-Signature: v1=` + hex HMAC-SHA256 over `X-Timestamp` + `.` + the raw body;
 * - `hmac-fields`, where the platform writes the body anew: over `X-Timestamp.event_id.api_name.id`. `event` is not
 *   among them, so it is not believed: the record is read again;
 * - `bearer`: `Authorization: Bearer <secret>`.
 *
 * `X-Timestamp` is in milliseconds. `invalid` and `delete` mean gone, any other event "read it again".
 */
export const fxiaokeApl = (options: FxiaokeAplOptions): Entrance => {
  const isProven = proofOf(options);
  const enter = (delivery: Delivery): Entered => {
    const json = readJson(delivery.body);
    if (!isProven(delivery, json)) return { outcome: 'forged' };
    if (!json.ok) return { outcome: 'unreadable', reason: json.reason };
    const told = Told.safeParse(json.value);
    if (!told.success) return { outcome: 'unreadable', reason: reasonOf(told.error) };
    const { event_id, api_name, id, event } = told.data;
    const isGone = options.auth !== 'hmac-fields' && deletions.has(event?.toLowerCase() ?? '');
    return {
      outcome: 'accepted',
      delivery: event_id,
      hints: [{ object: api_name, id, operation: isGone ? 'delete' : 'upsert' }],
    };
  };
  return { enter };
};

const deletions: ReadonlySet<string> = new Set(['invalid', 'delete']);

const reasonOf = (error: z.ZodError): string => {
  const place = error.issues[0]?.path[0];
  return place === undefined ? 'the body must be an object' : `${String(place)} is missing or not usable`;
};

type Proof = (delivery: Delivery, json: JsonRead) => boolean;

const proofOf = ({ auth, secrets, maxAgeSeconds }: FxiaokeAplOptions): Proof => {
  switch (auth) {
    case 'hmac-body':
      return (delivery) => isSigned(delivery, (timestamp) => [`${timestamp}.`, delivery.body], secrets, maxAgeSeconds);
    case 'hmac-fields':
      return (delivery, json) => {
        const told = Told.safeParse(json.ok ? json.value : undefined);
        if (!told.success) return false;
        const { event_id, api_name, id } = told.data;
        return isSigned(delivery, (at) => [`${at}.${event_id}.${api_name}.${id}`], secrets, maxAgeSeconds);
      };
    case 'bearer': {
      const knowsToken = anyOfSecrets(secrets);
      return (delivery) => knowsToken(/^bearer (.+)$/i.exec(delivery.header('authorization') ?? '')?.[1]);
    }
  }
};

const isSigned = (
  delivery: Delivery,
  signedParts: (timestamp: string) => readonly (string | Uint8Array)[],
  secrets: readonly string[],
  maxAgeSeconds: number,
): boolean => {
  const timestamp = delivery.header('x-timestamp') ?? '';
  const given = delivery.header('x-signature') ?? '';
  let signed = false;
  for (const secret of secrets) {
    const hmac = createHmac('sha256', secret);
    for (const part of signedParts(timestamp)) hmac.update(part);
    signed = sameText(`v1=${hmac.digest('hex')}`, given) || signed;
  }
  return (
    signed && /^\d{1,15}$/.test(timestamp) && Math.abs(delivery.wallNow - Number(timestamp)) <= maxAgeSeconds * 1000
  );
};
