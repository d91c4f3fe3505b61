/** What the namespace should have, and what is done where the server does not let us make it so. */
import type { Connection } from '@temporalio/client';
import { prepareNamespace } from '../../temporal/index.js';
import type { Log } from '../logs.js';

/** Made so at the start, and seen to from time to time: somebody may take it away. What cannot be made is said once. */
export function namespaceKeeper(connection: Connection, namespace: string, log: Log): () => Promise<void> {
  let said = '';
  return async () => {
    const { made, lacking } = await prepareNamespace(connection, namespace);
    for (const what of made) log.info(`namespace ${namespace}: ${what}`);
    const line = lacking.join('; ');
    if (line !== '' && line !== said) log.warn(`namespace ${namespace}: ${line}. Loads run on`);
    said = line;
  };
}
