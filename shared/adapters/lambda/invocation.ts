/** What we use of the context that Lambda gives to a handler. */
export interface Invocation {
  getRemainingTimeInMillis(): number;
}
