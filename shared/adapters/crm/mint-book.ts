import type { SharedToken } from '../../ports/token-store.ts';

/** When tokens were asked for, and until when nobody may ask again. Travels in the token, so that all instances share it. */
export interface MintBook {
  /** Wall clock, oldest first. */
  readonly mints: readonly number[];
  readonly blockedUntil: number;
}

export interface MintLimit {
  readonly mints: number;
  readonly perMs: number;
}

const entry = 'mintBook';

/** A token without a readable book was never minted by us: an empty book. */
export const mintBookOf = (token: SharedToken | undefined): MintBook => {
  const [blockedUntil = 0, ...mints] = (token?.extra[entry] ?? '').split(',').filter(isDigits).map(Number);
  return { mints, blockedUntil };
};

export const withMintBook = (token: SharedToken, { mints, blockedUntil }: MintBook): SharedToken => ({
  ...token,
  extra: { ...token.extra, [entry]: [blockedUntil, ...mints].join(',') },
});

const isDigits = (text: string): boolean => /^\d+$/.test(text);

export const recordMint = (book: MintBook, now: number, { mints }: MintLimit): MintBook => ({
  mints: [...book.mints, now].slice(-mints),
  blockedUntil: book.blockedUntil,
});

/** Milliseconds until the next mint is allowed; 0 when it is now. */
export const mintWaitMs = ({ mints, blockedUntil }: MintBook, now: number, limit: MintLimit): number => {
  const inWindow = mints.filter((at) => at > now - limit.perMs);
  const windowEnds = inWindow.length < limit.mints ? now : (inWindow[0] ?? now) + limit.perMs;
  return Math.max(0, windowEnds - now, blockedUntil - now);
};
