import { PipelineError } from '../../domain/pipeline-error.ts';
import type { SharedToken, TokenStore } from '../../ports/token-store.ts';
import { type MintBook, type MintLimit, mintBookOf, mintWaitMs, recordMint, withMintBook } from './mint-book.ts';

/** What the CRM's token endpoint said. */
export type Minted =
  | {
      readonly outcome: 'minted';
      readonly accessToken: string;
      readonly lifeMs: number;
      readonly extra: Readonly<Record<string, string>>;
    }
  /** `retryAfterMs`: nobody may ask before. `counted`: the CRM saw the request. */
  | {
      readonly outcome: 'failed';
      readonly error: PipelineError;
      readonly retryAfterMs: number;
      readonly counted: boolean;
    };

export interface SharedTokenDeps {
  /** Under this name all instances find the same token. */
  readonly connection: string;
  /** Names this instance among those that compete for the lease. */
  readonly holder: string;
  readonly tokens: TokenStore;
  readonly mint: () => Promise<Minted>;
  readonly limit: MintLimit;
  /** A new token is fetched this long before the old one ends. */
  readonly renewBeforeMs: number;
  readonly wallNow: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

export interface TokenSource {
  /**
   * A token that should work: from memory, from the store, or minted by whoever holds the lease.
   *
   * @throws {PipelineError} `CRM_THROTTLED` (retryable) when no mint is allowed now, else what the token endpoint's answer means.
   */
  current(): Promise<SharedToken>;
  /** As {@link current}, after the CRM refused this one. A token that someone else renewed meanwhile is taken as it is. */
  instead(refused: SharedToken): Promise<SharedToken>;
}

/** Longer than any mint takes, so that a second one never runs beside the first. */
const leaseMs = 15_000;
const pollMs = 200;
const polls = 100;

/** One token for all calls of all instances: one mint at a time, and never more than the CRM allows. */
export const sharedToken = (deps: SharedTokenDeps): TokenSource => {
  let known: SharedToken | undefined;
  let flight: Promise<SharedToken> | undefined;
  const fly = (refused: string | undefined): Promise<SharedToken> => {
    flight ??= obtain(deps, refused)
      .then((token) => {
        known = token;
        return token;
      })
      .finally(() => {
        flight = undefined;
      });
    return flight;
  };
  const isFresh = (token: SharedToken): boolean => token.expiresAt - deps.renewBeforeMs > deps.wallNow();
  return {
    current: async () => (known !== undefined && isFresh(known) ? known : fly(undefined)),
    instead: async ({ accessToken }) => {
      if (known !== undefined && known.accessToken !== accessToken && isFresh(known)) return known;
      // a flight that began before the refusal may bring the refused one
      const joined = await flight;
      return joined !== undefined && joined.accessToken !== accessToken ? joined : fly(accessToken);
    },
  };
};

const obtain = async (deps: SharedTokenDeps, refused: string | undefined): Promise<SharedToken> => {
  for (let poll = 0; poll < polls; poll += 1) {
    const stored = await deps.tokens.find(deps.connection);
    const fresh = usable(stored, refused, deps.wallNow() + deps.renewBeforeMs);
    if (fresh !== undefined) return fresh;
    if (await deps.tokens.acquireLease(deps.connection, deps.holder, deps.wallNow(), leaseMs))
      return renew(deps, refused);
    const ending = usable(stored, refused, deps.wallNow());
    if (ending !== undefined) return ending;
    await deps.sleep(pollMs);
  }
  throw new PipelineError('CRM_THROTTLED', 'another instance is fetching the token', {
    retryable: true,
    retryAfterMs: leaseMs,
  });
};

/** The token, if it is another one than the refused and lives beyond `until`. */
const usable = (token: SharedToken | undefined, refused: string | undefined, until: number): SharedToken | undefined =>
  token !== undefined && token.accessToken !== '' && token.accessToken !== refused && token.expiresAt > until
    ? token
    : undefined;

/** Holds the lease. The store is read once more: whoever held it before may just have minted. */
const renew = async (deps: SharedTokenDeps, refused: string | undefined): Promise<SharedToken> => {
  const stored = await deps.tokens.find(deps.connection);
  const fresh = usable(stored, refused, deps.wallNow() + deps.renewBeforeMs);
  if (fresh !== undefined) return fresh;
  const book = mintBookOf(stored);
  const waitMs = mintWaitMs(book, deps.wallNow(), deps.limit);
  if (waitMs > 0) {
    const cause = new PipelineError('CRM_THROTTLED', 'no new token may be fetched now', {
      retryable: true,
      retryAfterMs: waitMs,
    });
    return stillValid(deps, stored, refused, cause);
  }
  const minted = await deps.mint();
  if (minted.outcome === 'minted') return keep(deps, minted, recordMint(book, deps.wallNow(), deps.limit));
  const after = minted.counted ? recordMint(book, deps.wallNow(), deps.limit) : book;
  const blocked = { ...after, blockedUntil: deps.wallNow() + minted.retryAfterMs };
  await deps.tokens.save(deps.connection, withMintBook(stored ?? noToken, blocked));
  return stillValid(deps, stored, refused, minted.error);
};

const noToken: SharedToken = { accessToken: '', expiresAt: 0, extra: {} };

const keep = async (
  deps: SharedTokenDeps,
  { accessToken, lifeMs, extra }: Extract<Minted, { outcome: 'minted' }>,
  book: MintBook,
): Promise<SharedToken> => {
  const token = withMintBook({ accessToken, expiresAt: deps.wallNow() + lifeMs, extra }, book);
  await deps.tokens.save(deps.connection, token);
  return token;
};

/** The old token serves to its last second while a new one cannot be had. */
const stillValid = (
  { wallNow }: SharedTokenDeps,
  stored: SharedToken | undefined,
  refused: string | undefined,
  error: PipelineError,
): SharedToken => {
  const ending = usable(stored, refused, wallNow());
  if (ending !== undefined) return ending;
  throw error;
};
