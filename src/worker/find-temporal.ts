/** A process of its own for `tapekeep doctor`: looks for the Temporal CLI, obtains nothing, and answers with one line of JSON. */
import { findCli } from '../../temporal/cli.js';
import { isTapekeepError } from '../model/errors.js';

const named = process.argv[2];
const env = named ? { ...process.env, TEMPORAL_CLI: named } : process.env;
try {
  const { path, source, version, serverVersion } = await findCli({ env, say: () => {} });
  process.stdout.write(JSON.stringify({ path, source, version, serverVersion }));
} catch (error) {
  const { code, message } = isTapekeepError(error) ? error : { code: 'INTERNAL', message: (error as Error).message };
  process.stdout.write(JSON.stringify({ code, message }));
}
