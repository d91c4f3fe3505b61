// npm start: installs, builds, and keeps the configured series complete until Ctrl+C.
import { build } from './build.mjs';
import { exitOf } from './run.mjs';
import { leave } from './say.mjs';

await build()
  .then(() => exitOf(process.execPath, ['--enable-source-maps', 'dist/src/client/cli.js', 'up', ...process.argv.slice(2)]))
  .then(code => {
    process.exitCode = code;
  }, leave);
