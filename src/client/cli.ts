#!/usr/bin/env node
/** The command `tapekeep`. */
import { main } from './program.js';

/** After the goodbye nothing should hold the process; what still does is not waited for. */
const LINGER_MS = 2_000;

// `tapekeep show … | head`: who has read enough closes the pipe, and that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await main(process.argv.slice(2), { out: process.stdout, err: process.stderr, env: process.env });
setTimeout(() => process.exit(), LINGER_MS).unref();
