import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const ending = /\.ya?ml$/;

/** The file of a stage: `trial` and `examples/msk-new` are of this folder, what ends in .yaml or .yml is a path. */
export const stageFileOf = (nameOrPath: string): string =>
  ending.test(nameOrPath) ? nameOrPath : join(folder, `${nameOrPath}.yaml`);

/** What a stage is called: its file's name without the ending. */
export const stageNameOf = (file: string): string => basename(file).replace(ending, '');

/** It becomes part of names of stacks, functions, topics and buckets, which AWS keeps short. */
export const isStageName = (name: string): boolean => /^[a-z][a-z0-9-]{0,23}$/.test(name);

/** The stages of this folder. */
export const knownStages = (): readonly string[] =>
  readdirSync(folder)
    .filter((file) => ending.test(file))
    .map(stageNameOf)
    .sort();
