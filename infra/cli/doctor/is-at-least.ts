/** Whether a version, `20.19.1`, is this one or later. */
export const isAtLeast = (version: string, least: string): boolean => {
  const [is, wanted] = [version, least].map((text) => text.split('.').map(Number));
  for (const [index, number] of (wanted ?? []).entries()) {
    const own = is?.[index] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
};
