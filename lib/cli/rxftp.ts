#!/usr/bin/env node
/** Starts the command; Node keeps its compiled code if it can (22.8 or later). */
import * as nodeModule from 'node:module';

(nodeModule as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();
const { main } = await import('./main.js');
process.exitCode = await main(process.argv.slice(2));
