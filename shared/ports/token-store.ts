/** An access token that all instances share. */
export interface SharedToken {
  readonly accessToken: string;
  /** Wall clock. */
  readonly expiresAt: number;
  /** What else the token answer told: Zoho's API domain, FXiaoKe's ea. */
  readonly extra: Readonly<Record<string, string>>;
}

/** Keeps one token per connection, so that no instance mints its own: CRMs limit how often. */
export interface TokenStore {
  find(connection: string): Promise<SharedToken | undefined>;
  save(connection: string, token: SharedToken): Promise<void>;
  /** True for the one caller that may mint now; others wait for its token. Wall clock; a lease ends by itself. */
  acquireLease(connection: string, holder: string, now: number, leaseMs: number): Promise<boolean>;
}
