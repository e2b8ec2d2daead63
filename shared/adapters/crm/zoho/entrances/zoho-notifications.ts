import * as z from 'zod';
import { limits } from '../../../../definitions/limits.ts';
import { readJson } from '../../../../domain/read-json.ts';
import type { Delivery, Entered, Entrance, HintedRecord } from '../../../../ports/entrance.ts';
import { bodyDigest } from '../../../../runtime/body-digest.ts';
import { anyOfSecrets, sameText } from '../../../../runtime/same-secret.ts';
import { TextOrNumber, ZohoModule, ZohoRecordId } from './zoho-names.ts';

export interface ZohoNotificationsOptions {
  readonly pathSecrets: readonly string[];
  /** As subscribed: the channel's number and the tokens that it may echo. */
  readonly channels: readonly { readonly id: string; readonly tokens: readonly string[] }[];
}

/** What proves the sender: Zoho CRM signs nothing, it echoes the subscribed token. */
const Proof = z.object({ channel_id: TextOrNumber, token: z.string() });

const Notification = z.object({
  module: ZohoModule,
  ids: z.array(ZohoRecordId).min(1).max(limits.hintsPerDelivery),
  operation: z.string(),
  // only a help to skip work: a form we do not know must not cost the hint
  affected_fields: z.array(z.record(z.string(), z.array(z.string()))).catch([]),
});
type Notification = z.infer<typeof Notification>;

/**
 * Callbacks of the Notification API (`POST /crm/v8/actions/watch`). Proven by a secret in the path and, in the body, a
 * known `channel_id` with its token. `operation` is insert, update or delete on the wire; anything but delete means
 * "read it again". A body that does not get as far as the token is a forged one.
 */
export const zohoNotifications = ({ pathSecrets, channels }: ZohoNotificationsOptions): Entrance => {
  const knowsPath = anyOfSecrets(pathSecrets);
  const known = channels.map(({ id, tokens }) => ({ id, knowsToken: anyOfSecrets(tokens) }));

  const isProven = (body: unknown): boolean => {
    const proof = Proof.safeParse(body);
    if (!proof.success) return false;
    let proven = false;
    for (const channel of known) {
      const token = channel.knowsToken(proof.data.token);
      proven = (sameText(channel.id, proof.data.channel_id) && token) || proven;
    }
    return proven;
  };

  const enter = ({ body, pathSecret }: Delivery): Entered => {
    if (!knowsPath(pathSecret)) return { outcome: 'forged' };
    const json = readJson(body);
    if (!json.ok || !isProven(json.value)) return { outcome: 'forged' };
    const notification = Notification.safeParse(json.value);
    if (!notification.success) return { outcome: 'unreadable', reason: reasonOf(notification.error) };
    return {
      outcome: 'accepted',
      delivery: bodyDigest('zoho-notifications', body),
      hints: hintsOf(notification.data),
    };
  };

  return { enter };
};

const reasonOf = (error: z.ZodError): string => {
  const place = String(error.issues[0]?.path[0] ?? 'the body');
  return place === 'ids'
    ? `ids must hold 1 to ${limits.hintsPerDelivery} record ids`
    : `${place} is missing or not usable`;
};

const hintsOf = ({ module, ids, operation, affected_fields }: Notification): readonly HintedRecord[] => {
  const changed = new Map<string, string[]>();
  for (const [id, names] of affected_fields.flatMap(Object.entries<string[]>))
    changed.set(id, [...(changed.get(id) ?? []), ...names]);
  return [...new Set(ids)].map((id) => ({
    object: module,
    id,
    operation: operation.toLowerCase() === 'delete' ? 'delete' : 'upsert',
    changedFields: changed.get(id) ?? [],
  }));
};
