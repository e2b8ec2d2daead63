/** Sizes and times that several parts must agree on. Bytes and milliseconds unless the name says otherwise. */
export const limits = {
  /** Largest request body an entrance takes. A larger one is answered 413. */
  webhookBodyBytes: 256 * 1024,
  /** Hints one delivery may carry. */
  hintsPerDelivery: 500,
  /** Facts one record may stand for. */
  factsPerRecord: 200,
  /** How long a claimed due entry stays with its claimer. */
  dueClaimMs: 5 * 60_000,
  /** How long a claimed spilled delivery stays with its claimer. */
  spillClaimMs: 15_000,
  /** How long what was claimed of the relay stays with its claimer: nobody goes on before. */
  relayClaimMs: 30_000,
  /** A webhook that the stream did not acknowledge in this time goes to the spill. */
  appendAckMs: 1_500,
  /** Characters of JSON that one message takes along when a customer hands its records to another. */
  handedPartLength: 128 * 1024,
  /** How long a process may go by what it read of the models in force. */
  pointerCacheMs: 5_000,
  /** A pending entry older than this is swept: no redelivery healed it. */
  pendingSweepMs: 60_000,
} as const;
