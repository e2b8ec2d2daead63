/**
 * How a function becomes a folder of modules, `index.mjs` first: options of esbuild as plain data, for whoever bundles.
 * Nothing is external: the SDK goes along, so that what was tested is what runs.
 */
export const bundling = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minify: true,
  // modules before CommonJS: what nobody uses is left out
  mainFields: ['module', 'main'],
  // what is imported when it is needed, the mailer, is a module of its own and not read before
  splitting: true,
  entryNames: 'index',
  chunkNames: '[name]-[hash]',
  outExtension: { '.js': '.mjs' },
  // relative to the project
  alias: { '@aws-sdk/credential-provider-node': './shared/runtime/environment-credentials.ts' },
  // packages that are CommonJS ask for require at run time; a module has none of its own
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  legalComments: 'none',
  sourcemap: false,
} as const;
