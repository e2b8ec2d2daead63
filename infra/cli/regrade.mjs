#!/usr/bin/env node
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
// only now may packages be imported: they may have just been installed
const { register } = await import('tsx/esm/api');
register();
// the version in use is pinned: what later ones will need is no news for whoever runs this one
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));
