import * as z from 'zod';
import { readJson, readUtf8 } from '../../../../domain/read-json.ts';
import type { Delivery, Entered, Entrance } from '../../../../ports/entrance.ts';
import { bodyDigest } from '../../../../runtime/body-digest.ts';
import { anyOfSecrets } from '../../../../runtime/same-secret.ts';
import { ZohoModule, ZohoRecordId } from './zoho-names.ts';

export interface ZohoWorkflowOptions {
  /** The header that carries the secret. */
  readonly header: string;
  readonly secrets: readonly string[];
}

const Fired = z.object({ module: ZohoModule, id: ZohoRecordId, event: z.string().optional() });

/**
 * Webhooks of workflow rules: `{"module": "Deals", "id": "…", "event": "edit"}` as raw JSON, or the same three as form
 * parameters. `event` is optional; `delete` means gone, anything else "read it again". Proven by a secret in a header.
 *
 * Two edits of a record send the same bytes, so here the instant of arrival is part of the delivery's name: taking a
 * second edit for a repeat would lose it, taking a repeat for an edit costs one read.
 */
export const zohoWorkflow = ({ header, secrets }: ZohoWorkflowOptions): Entrance => {
  const knowsSecret = anyOfSecrets(secrets);
  const enter = (delivery: Delivery): Entered => {
    if (!knowsSecret(delivery.header(header))) return { outcome: 'forged' };
    const sent = fieldsOf(delivery);
    if (!sent.ok) return { outcome: 'unreadable', reason: sent.reason };
    const fired = Fired.safeParse(sent.value);
    if (!fired.success) return { outcome: 'unreadable', reason: reasonOf(fired.error) };
    const { module, id, event } = fired.data;
    return {
      outcome: 'accepted',
      delivery: bodyDigest('zoho-workflow', delivery.body, `\0${delivery.wallNow}`),
      hints: [{ object: module, id, operation: event?.toLowerCase() === 'delete' ? 'delete' : 'upsert' }],
    };
  };
  return { enter };
};

type Fields = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

const fieldsOf = (delivery: Delivery): Fields => {
  if (!/^application\/x-www-form-urlencoded\b/i.test(delivery.header('content-type') ?? ''))
    return readJson(delivery.body);
  const text = readUtf8(delivery.body);
  return text === undefined
    ? { ok: false, reason: 'the body is not UTF-8' }
    : { ok: true, value: Object.fromEntries(new URLSearchParams(text)) };
};

const reasonOf = (error: z.ZodError): string => {
  const place = error.issues[0]?.path[0];
  return place === undefined ? 'the body must name module, id and event' : `${String(place)} is missing or not usable`;
};
