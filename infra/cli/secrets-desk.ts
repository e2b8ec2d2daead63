/** A secret's names and texts, or why they could not be had; `reason` is in AWS's words, and never holds a value. */
export type SecretAnswer = { readonly outcome: 'read'; readonly values: Readonly<Record<string, string>> } | NoSecret;

export type NoSecret =
  | { readonly outcome: 'absent' }
  /** It is there, and is no JSON object of texts. */
  | { readonly outcome: 'unreadable' }
  | { readonly outcome: 'refused' | 'unreachable'; readonly reason: string };

/** Secrets that are JSON objects, in AWS Secrets Manager, by the credentials of whoever asks. */
export interface SecretsDesk {
  /** `id`: an ARN, or the name. */
  read(id: string): Promise<SecretAnswer>;
  /** Writes one name of it, and leaves the others as they are. */
  set(id: string, name: string, value: string): Promise<NoSecret | { readonly outcome: 'put' }>;
  close(): void;
}

export type OpenSecrets = (region: string) => Promise<SecretsDesk>;
