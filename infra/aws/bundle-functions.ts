import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { bundling } from '../../shared/definitions/bundling.ts';
import { type FunctionName, functionNames } from '../../shared/definitions/functions.ts';

export interface Bundle<Name extends string = FunctionName> {
  /** Its folder in `functions/`. */
  readonly name: Name;
  /** What Lambda is given. */
  readonly folder: string;
  /** The module that exports `handler`. */
  readonly entry: string;
  /** Every module of the folder. */
  readonly modules: readonly BundledModule[];
}

export interface BundledModule {
  readonly file: string;
  readonly bytes: number;
  /** Read at the start; the others are read when they are needed. */
  readonly atStart: boolean;
  /** What went in, by file of the project, with the bytes it takes. */
  readonly inputs: Readonly<Record<string, number>>;
}

const project = fileURLToPath(new URL('../../', import.meta.url));

/** Bundles every function of the pipeline into `<outFolder>/<name>`, which is emptied before. */
export const bundleFunctions = (outFolder: string): Promise<readonly Bundle[]> =>
  Promise.all(functionNames.map((name) => bundleFunction(name, join(outFolder, name))));

/** Bundles one folder of `functions/` into a folder, which is emptied before. */
export const bundleFunction = async <Name extends string>(name: Name, folder: string): Promise<Bundle<Name>> => {
  rmSync(folder, { recursive: true, force: true });
  const { metafile } = await build({
    ...bundling,
    mainFields: [...bundling.mainFields],
    absWorkingDir: project,
    entryPoints: [join('functions', name, 'handler.ts')],
    outdir: folder,
    metafile: true,
    logLevel: 'error',
  });
  return { name, folder, entry: join(folder, 'index.mjs'), modules: modulesOf(metafile, folder) };
};

const modulesOf = ({ outputs }: Metafile, folder: string): readonly BundledModule[] => {
  const first = Object.keys(outputs).find((path) => basename(path) === 'index.mjs');
  const atStart = new Set<string>();
  const follow = (path: string): void => {
    if (atStart.has(path)) return;
    atStart.add(path);
    for (const { path: imported, kind } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement' && imported in outputs) follow(imported);
  };
  if (first !== undefined) follow(first);
  return Object.entries(outputs).map(([path, { bytes, inputs }]) => ({
    file: join(folder, basename(path)),
    bytes,
    atStart: atStart.has(path),
    inputs: Object.fromEntries(Object.entries(inputs).map(([input, { bytesInOutput }]) => [input, bytesInOutput])),
  }));
};
