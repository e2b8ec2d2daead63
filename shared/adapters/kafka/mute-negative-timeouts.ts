let muted = false;

/**
 * Keeps one warning of Node back: `TimeoutNegativeWarning`. The client asks for a timer in the past on every connection, which
 * does no harm, and Node 24 and later say so every time. Every other warning passes.
 */
export const muteNegativeTimeouts = (): void => {
  if (muted) return;
  muted = true;
  const emitWarning = process.emitWarning.bind(process) as (...args: readonly unknown[]) => void;
  process.emitWarning = (...args: readonly unknown[]): void => {
    if (typeOf(args) !== 'TimeoutNegativeWarning') emitWarning(...args);
  };
};

/** A warning is an Error with its type as name, or a text followed by its type, or by options with it. */
const typeOf = ([warning, options]: readonly unknown[]): unknown => {
  if (warning instanceof Error) return warning.name;
  return typeof options === 'object' && options !== null && 'type' in options ? options.type : options;
};
