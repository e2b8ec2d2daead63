import type { TokenStore } from '../../../ports/token-store.ts';
import type { ErrorClass } from './fxiaoke-errors.ts';

export interface FxiaokeApp {
  readonly appId: string;
  readonly appSecret: string;
  readonly permanentCode: string;
  /** Whose rights hold: an employee's number (header style) or `FSUID_…` (body style). */
  readonly actingUser: string;
  /** Where the token goes: into headers, or into the body as older apps do. */
  readonly style: 'header' | 'body';
}

export interface FxiaokeClientDeps {
  /** The connection's name: under it all instances share one token. */
  readonly connection: string;
  /** Names this instance among those that share the token. */
  readonly holder: string;
  /** Origin, no slash at its end; see `fxiaokeBaseUrlOf`. */
  readonly baseUrl: string;
  readonly app: FxiaokeApp;
  readonly tokens: TokenStore;
  readonly callsPerSecond: number;
  /** Overrides and additions to the platform's table, by errorCode. */
  readonly errorClasses: Readonly<Record<string, ErrorClass>>;
  readonly wallNow: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** A new UUID v4 per call: FXiaoKe's support finds a call by it. */
  readonly traceId: () => string;
  /** @default 10 seconds */
  readonly timeoutMs?: number;
}
