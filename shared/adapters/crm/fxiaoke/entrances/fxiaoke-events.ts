import * as z from 'zod';
import { limits } from '../../../../definitions/limits.ts';
import type { Instant } from '../../../../domain/instant.ts';
import { readJson } from '../../../../domain/read-json.ts';
import type { Delivery, Entered, Entrance, HintedRecord } from '../../../../ports/entrance.ts';
import { sameText } from '../../../../runtime/same-secret.ts';
import { type FxiaokeCipher, fxiaokeCipher } from './fxiaoke-cipher.ts';
import { FxiaokeObject, FxiaokeRecordId, TextOrNumber } from './fxiaoke-names.ts';

export interface FxiaokeEventsOptions {
  /** Parse keys in Base64. The answer uses the one that the push was signed with. */
  readonly keys: readonly string[];
  /** Where given, pushes of another enterprise are refused. */
  readonly enterpriseAccount?: string | undefined;
  readonly maxAgeSeconds: number;
  /** Event types that mean "it may be gone". */
  readonly deletions: readonly string[];
  /** A fresh text for each answer. */
  readonly nonce: () => string;
}

const Envelope = z.object({
  signature: z.string(),
  timestamp: TextOrNumber,
  nonce: TextOrNumber,
  messageId: TextOrNumber.pipe(z.string().min(1).max(200)),
  /** Only there on a retry. */
  retryTimes: TextOrNumber.nullish(),
  enterpriseAccount: z.string(),
  encryptedContent: z.string(),
});
type Envelope = z.infer<typeof Envelope>;

const Happened = z.object({
  apiName: FxiaokeObject,
  dataId: FxiaokeRecordId,
  eventType: z.string().default('update'),
  messageId: TextOrNumber.pipe(z.string().min(1).max(200)).optional(),
});
type Happened = z.infer<typeof Happened>;

/** One event per push is what is known to be sent; a list is understood as well. */
const Content = z.union([
  Happened.transform((event) => [event]),
  z.array(Happened).min(1).max(limits.hintsPerDelivery),
]);

/**
 * The event push (事件变更订阅): a SHA-1 over the plain concatenation of the envelope and the parse key, an encrypted
 * event inside, an encrypted `success` back. The vocabulary of event types is the tenant's: unknown ones mean "read it
 * again". Signature, age and enterprise must all hold before anything is decrypted; whatever fails there is forged.
 */
export const fxiaokeEvents = (options: FxiaokeEventsOptions): Entrance => {
  const keys = options.keys.map((text) => {
    const cipher = fxiaokeCipher(text);
    return { ...cipher, success: cipher.encrypt('success') };
  });
  const deletions = new Set(options.deletions.map((type) => type.toLowerCase()));

  const isMeantForUs = ({ timestamp, enterpriseAccount }: Envelope, wallNow: Instant): boolean =>
    Math.abs(wallNow - Number(timestamp)) <= options.maxAgeSeconds * 1000 &&
    (options.enterpriseAccount === undefined || options.enterpriseAccount === enterpriseAccount);

  const enter = ({ body, wallNow }: Delivery): Entered => {
    const json = readJson(body);
    const envelope = Envelope.safeParse(json.ok ? json.value : undefined);
    if (!envelope.success) return { outcome: 'forged' };
    const key = signerOf(envelope.data, keys);
    if (key === undefined || !isMeantForUs(envelope.data, wallNow)) return { outcome: 'forged' };
    const content = contentOf(envelope.data, key);
    if (!content.ok) return { outcome: 'unreadable', reason: content.reason };
    return {
      outcome: 'accepted',
      // the inner id is the one nobody could change on the way: the signature has no separators between fields
      delivery: content.events[0]?.messageId ?? envelope.data.messageId,
      hints: content.events.map((event) => hintOf(event, deletions)),
      reply: replyOf(key, wallNow, options.nonce()),
    };
  };

  return { enter };
};

type Key = FxiaokeCipher & { readonly success: string };

const signerOf = (envelope: Envelope, keys: readonly Key[]): Key | undefined => {
  const { timestamp, nonce, messageId, retryTimes, enterpriseAccount, encryptedContent } = envelope;
  const signed = `${timestamp}${nonce}${messageId}${retryTimes ?? ''}${enterpriseAccount}${encryptedContent}`;
  let signer: Key | undefined;
  for (const key of keys) if (sameText(key.sign(signed), envelope.signature)) signer = key;
  return signer;
};

type Understood =
  | { readonly ok: true; readonly events: readonly Happened[] }
  | { readonly ok: false; readonly reason: string };

const contentOf = ({ encryptedContent }: Envelope, key: Key): Understood => {
  const decrypted = key.decrypt(encryptedContent);
  if (decrypted === undefined)
    return { ok: false, reason: 'encryptedContent cannot be decrypted with the signing key' };
  const json = readJson(decrypted);
  if (!json.ok) return { ok: false, reason: `inside encryptedContent ${json.reason}` };
  const content = Content.safeParse(json.value);
  if (content.success) return { ok: true, events: content.data };
  return { ok: false, reason: 'encryptedContent must hold apiName, dataId and eventType of at least one record' };
};

const hintOf = ({ apiName, dataId, eventType }: Happened, deletions: ReadonlySet<string>): HintedRecord => ({
  object: apiName,
  id: dataId,
  operation: deletions.has(eventType.toLowerCase()) ? 'delete' : 'upsert',
});

const replyOf = (key: Key, timestamp: Instant, nonce: string): { contentType: string; body: string } => {
  const encryptedResult = key.success;
  const signature = key.sign(`${timestamp}${nonce}${encryptedResult}`);
  return {
    contentType: 'application/json;charset=UTF-8',
    body: JSON.stringify({ signature, timestamp, nonce, encryptedResult }),
  };
};
