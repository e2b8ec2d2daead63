#!/usr/bin/env node
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
// only now may packages be imported: they may have just been installed
const { register } = await import('tsx/esm/api');
register();
const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));
