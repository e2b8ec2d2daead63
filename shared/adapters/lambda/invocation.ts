/** What we use of the context that Lambda gives to a handler. */
export interface Invocation {
  getRemainingTimeInMillis(): number;
  /** Stands in the lines that Lambda itself writes, too. */
  readonly awsRequestId: string;
}
