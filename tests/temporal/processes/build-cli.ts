/** node build-cli.js <cache folder>: builds the CLI with the go on the PATH; prints what it said and found as JSON. */
import { built } from '../../../temporal/cli-build.js';
import { run } from '../../../temporal/run.js';

const said: string[] = [];
const found = await built({
  env: process.env,
  say: line => said.push(line),
  cacheFolder: process.argv[2]!,
  run,
  archive: undefined,
  signal: undefined,
});
console.log(JSON.stringify({ found, said }));
