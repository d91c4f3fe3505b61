/** node start-server.js <options as JSON>: starts an embedded server as the daemon does, tells of it, and waits to be killed. */
import { startServer } from '../../../temporal/index.js';
import { temporalCli } from '../../temporal-cli.js';

const options = JSON.parse(process.argv[2]!) as { folder: string; port: number; uiPort: number };
const server = await startServer({ ...options, cli: await temporalCli(), log: line => console.log(line) });
console.log(`serving ${server.pid}`);
