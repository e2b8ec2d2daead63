import type { RecordMapping } from '../../definitions/mapping.ts';
import type { SecretRef } from '../../definitions/secret-ref.ts';
import type { Connection, FxiaokeConnection, ZohoConnection } from '../../definitions/workspace.ts';
import { ConnectionId } from '../../domain/ids.ts';
import { createMapper } from '../../domain/mapping.ts';
import type { Mapper } from '../../domain/mapping-outcome.ts';
import type { Rates } from '../../domain/rates.ts';
import type { CrmReader, CrmWriter } from '../../ports/crm.ts';
import type { TokenStore } from '../../ports/token-store.ts';
import { fxiaokeBaseUrlOf, fxiaokeClient } from './fxiaoke/fxiaoke-client.ts';
import { fxiaokeReader } from './fxiaoke/fxiaoke-reader.ts';
import { mappingsFor } from './mappings-for.ts';
import { zohoHostsOf } from './zoho/data-centres.ts';
import { zohoClient } from './zoho/zoho-client.ts';
import { zohoReader } from './zoho/zoho-reader.ts';
import { zohoWriter } from './zoho/zoho-writer.ts';

export interface CrmSurroundings {
  readonly currency: string;
  readonly timezone: string;
  readonly rates?: Rates | undefined;
  readonly tokens: TokenStore;
  /** Names this instance among those that share a token. */
  readonly holder: string;
  readonly wallNow: () => number;
  readonly random: () => number;
  readonly uuid: () => string;
  readonly sleep: (ms: number) => Promise<void>;
  readonly resolveSecret: (ref: SecretRef) => string;
}

/** Everything that a connection gives: how its records are understood, read back, and written to. */
export interface ConnectedCrm {
  readonly mapper: Mapper;
  /** Absent without credentials. */
  readonly reader?: CrmReader;
  /** Absent without credentials, and where we do not write to this vendor. */
  readonly writer?: CrmWriter;
  /** The fields that our own write-back fills. */
  readonly ownFields: ReadonlySet<string>;
}

/**
 * Connects one CRM account. Reader and writer share one token and one call budget.
 *
 * @throws {PipelineError} `CONFIG_INVALID` for a secret that is missing or a mapping that cannot be read back.
 */
export const connectCrm = (name: string, connection: Connection, surroundings: CrmSurroundings): ConnectedCrm => {
  const records = mappingsFor(connection);
  const { currency, timezone, rates } = surroundings;
  const mapper = createMapper({
    ...{ records, connection: ConnectionId.parse(name), currency, timezone, rates },
    ...{ sourceTimezone: connection.timezone, minorUnits: connection.minorUnits },
  });
  switch (connection.vendor) {
    case 'zoho':
      return { mapper, ...zohoEnds(name, connection, records, surroundings), ownFields: ownFieldsOf(connection) };
    case 'fxiaoke':
      return { mapper, ...fxiaokeEnds(name, connection, records, surroundings), ownFields: new Set() };
    case 'generic':
      return { mapper, ownFields: new Set() };
  }
};

type Records = Readonly<Record<string, RecordMapping>>;

const zohoEnds = (
  name: string,
  connection: ZohoConnection,
  records: Records,
  { resolveSecret, ...rest }: CrmSurroundings,
): Pick<ConnectedCrm, 'reader' | 'writer'> => {
  if (connection.client === undefined) return {};
  const { id, secret, refreshToken } = connection.client;
  const client = zohoClient({
    ...rest,
    connection: name,
    hosts: zohoHostsOf(connection),
    credentials: {
      clientId: resolveSecret(id),
      clientSecret: resolveSecret(secret),
      refreshToken: resolveSecret(refreshToken),
    },
    callsPerSecond: connection.callsPerSecond,
  });
  const { writeBack, taskKeyField } = connection;
  return {
    reader: zohoReader({ client, records }),
    writer: zohoWriter({
      client,
      connection: name,
      records,
      ...(writeBack === undefined ? {} : { writeBack }),
      ...(taskKeyField === undefined ? {} : { taskKeyField }),
    }),
  };
};

const fxiaokeEnds = (
  name: string,
  connection: FxiaokeConnection,
  records: Records,
  { resolveSecret, uuid, ...rest }: CrmSurroundings,
): Pick<ConnectedCrm, 'reader'> => {
  if (connection.app === undefined) return {};
  const { id, secret, permanentCode, actingUser, style } = connection.app;
  const client = fxiaokeClient({
    ...rest,
    connection: name,
    baseUrl: fxiaokeBaseUrlOf(connection),
    app: {
      appId: resolveSecret(id),
      appSecret: resolveSecret(secret),
      permanentCode: resolveSecret(permanentCode),
      actingUser,
      style,
    },
    callsPerSecond: connection.callsPerSecond,
    errorClasses: connection.errorClasses,
    traceId: uuid,
  });
  return { reader: fxiaokeReader({ client, records }) };
};

const ownFieldsOf = ({ writeBack }: ZohoConnection): ReadonlySet<string> =>
  new Set(
    // Zoho reports the bookkeeping of every write among the affected fields
    writeBack === undefined
      ? []
      : [writeBack.grade, writeBack.score, writeBack.at, 'Modified_Time', 'Modified_By'].filter(
          (field) => field !== undefined,
        ),
  );
