/** One secret of a store of secrets, read. */
export interface KeptSecret {
  /** What people know it by. */
  readonly name: string;
  /** Stands before the names of what it holds, for whoever looks one up. */
  readonly prefix: string;
  readonly values: Readonly<Record<string, string>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What the secrets hold, found as if it were in the environment. */
export const environmentWith = (environment: Environment, kept: readonly KeptSecret[]): Environment => ({
  ...environment,
  ...Object.fromEntries(
    kept.flatMap(({ prefix, values }) => Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value])),
  ),
});

/** In which secret a name belongs that is not set, and under which key; undefined where there is no secret at all. */
export const placeOfMissing = (name: string, kept: readonly KeptSecret[]): string | undefined => {
  const fits = kept.filter(({ prefix }) => name.startsWith(prefix));
  // one that has the name has it empty; one prefix may begin another
  const closest = Math.max(...fits.map(({ prefix }) => prefix.length));
  const empty = fits.filter(({ prefix, values }) => name.slice(prefix.length) in values);
  const places = empty.length > 0 ? empty : fits.filter(({ prefix }) => prefix.length === closest);
  const [first] = places;
  if (first === undefined) return undefined;
  return `${first.prefix === '' ? name : name.slice(first.prefix.length)} in the secret ${places.map((place) => place.name).join(' or ')}`;
};
