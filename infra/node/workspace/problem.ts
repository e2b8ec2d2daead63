export interface Place {
  /** Both from 1, as editors count. */
  readonly line: number;
  readonly column: number;
}

/** Something in a workspace file that a person has to look at. */
export interface Problem extends Place {
  /** A warning does not keep the node from starting. */
  readonly severity: 'error' | 'warning';
  /** As reached from the workspace file that was named: relative if that was, so that a terminal can link it. */
  readonly file: string;
  /** E.g. `connections.shop.records.invoice.facts[0].at`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  /** What to do about it, where we know. */
  readonly cure?: string;
}

export type Path = readonly PropertyKey[];

/** A problem before it has a place in a file. `part` says which end of a `key: value` it is about. */
export interface Finding {
  readonly path: Path;
  readonly part: 'key' | 'value';
  readonly message: string;
  readonly cure?: string | undefined;
  readonly severity?: Problem['severity'];
}

/** `models[0].id`, as people write it; a key with a dot of its own stands in brackets too. */
export const pathText = (path: Path): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    const key = String(step);
    if (/[^\w-]/.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');

/** The workspace file first, then the others as they come; each from top to bottom. */
export const sortProblems = (workspaceFile: string, problems: readonly Problem[]): Problem[] => {
  const files = [...new Set([workspaceFile, ...problems.map(({ file }) => file)])];
  return [...problems].sort(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
};
