import { randomBytes } from 'node:crypto';
import { fxiaokeApl } from '../../shared/adapters/crm/fxiaoke/entrances/fxiaoke-apl.ts';
import { fxiaokeEvents } from '../../shared/adapters/crm/fxiaoke/entrances/fxiaoke-events.ts';
import { genericEntrance } from '../../shared/adapters/crm/generic/entrance.ts';
import { zohoNotifications } from '../../shared/adapters/crm/zoho/entrances/zoho-notifications.ts';
import { zohoWorkflow } from '../../shared/adapters/crm/zoho/entrances/zoho-workflow.ts';
import type { SecretRef } from '../../shared/definitions/secret-ref.ts';
import type {
  Connection,
  FxiaokeConnection,
  GenericConnection,
  ZohoConnection,
} from '../../shared/definitions/workspace.ts';
import { ConnectionId } from '../../shared/domain/ids.ts';
import { PipelineError } from '../../shared/domain/pipeline-error.ts';
import type { Entrance } from '../../shared/ports/entrance.ts';
import type { EntranceName } from './routes.ts';

type Built = Map<EntranceName, Entrance>;

/** Secrets of a list, and whatever is built from them, with failures that name the place in the workspace file. */
interface Place {
  secrets(at: string, refs: readonly SecretRef[]): readonly string[];
  build(at: string, make: () => Entrance): Entrance;
}

/** Shorter ones can be guessed at the rate a server answers. */
const shortestSecret = 8;

/**
 * The entrances that a workspace's connections configure.
 *
 * @throws {PipelineError} `CONFIG_INVALID`, not retryable, naming the place and the cure, for a secret that is missing,
 * too short or not of its scheme's form.
 */
export const createEntrances = (
  connections: Readonly<Record<string, Connection>>,
  resolveSecret: (ref: SecretRef) => string,
): Map<ConnectionId, Built> =>
  new Map(
    Object.entries(connections).map(([id, connection]) => [
      ConnectionId.parse(id),
      entrancesOf(connection, placeOf(id, resolveSecret)),
    ]),
  );

const entrancesOf = (connection: Connection, place: Place): Built => {
  switch (connection.vendor) {
    case 'zoho':
      return ofZoho(connection, place);
    case 'fxiaoke':
      return ofFxiaoke(connection, place);
    case 'generic':
      return ofGeneric(connection, place);
  }
};

const ofZoho = ({ notifications, workflow }: ZohoConnection, place: Place): Built => {
  const built: Built = new Map();
  if (notifications !== undefined) {
    const pathSecrets = place.secrets('notifications.pathSecrets', notifications.pathSecrets);
    const channels = notifications.channels.map(({ id, tokens }, index) => ({
      id,
      tokens: place.secrets(`notifications.channels.${index}.tokens`, tokens),
    }));
    built.set('zoho-notifications', zohoNotifications({ pathSecrets, channels }));
  }
  if (workflow !== undefined) {
    const secrets = place.secrets('workflow.secrets', workflow.secrets);
    built.set('zoho-workflow', zohoWorkflow({ header: workflow.header, secrets }));
  }
  return built;
};

const ofFxiaoke = ({ push, apl }: FxiaokeConnection, place: Place): Built => {
  const built: Built = new Map();
  if (push !== undefined) {
    const keys = place.secrets('push.keys', push.keys);
    const nonce = (): string => randomBytes(8).toString('hex');
    const { enterpriseAccount, maxAgeSeconds, deletions } = push;
    const make = (): Entrance => fxiaokeEvents({ keys, enterpriseAccount, maxAgeSeconds, deletions, nonce });
    built.set('fxiaoke-events', place.build('push.keys', make));
  }
  if (apl !== undefined)
    built.set('fxiaoke-apl', fxiaokeApl({ ...apl, secrets: place.secrets('apl.secrets', apl.secrets) }));
  return built;
};

const ofGeneric = ({ signature, items, object, deletion, records }: GenericConnection, place: Place): Built => {
  const signed = { ...signature, secrets: place.secrets('signature.secrets', signature.secrets) };
  const make = (): Entrance => genericEntrance({ signature: signed, items, object, deletion, records });
  return new Map([['generic', place.build('signature.secrets', make)]]);
};

const placeOf = (connection: string, resolveSecret: (ref: SecretRef) => string): Place => {
  const attempt = <T>(at: string, work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      const why = cause instanceof PipelineError ? cause.message : 'the secret cannot be read';
      throw new PipelineError('CONFIG_INVALID', `connections.${connection}.${at}: ${why}`, { retryable: false, cause });
    }
  };
  return {
    build: attempt,
    secrets: (at, refs) => refs.map((ref, index) => attempt(`${at}.${index}`, () => longEnough(resolveSecret(ref)))),
  };
};

const longEnough = (secret: string): string => {
  if (secret.length >= shortestSecret) return secret;
  throw new PipelineError(
    'CONFIG_INVALID',
    `a secret must have at least ${shortestSecret} characters: make one with \`openssl rand -hex 24\``,
    { retryable: false },
  );
};
