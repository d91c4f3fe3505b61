/** The Temporal server as the daemon uses it: find or obtain it, lock the folder, start it, prepare its namespace. */
export { type Cli, type CliRequest, type CliSource, findCli, obtainCli, userCacheFolder } from './cli.js';
export { folderOwner, type Lock, type LockOwner, lockFolder } from './lock.js';
export { type Prepared, prepareNamespace, RETENTION_DAYS } from './namespace.js';
export { freePort } from './ports.js';
export { identityOf, isAlive, type ProcessIdentity, thisProcess } from './process-identity.js';
export { requireServer } from './reach.js';
export { searchAttributeKeys } from './search-attributes.js';
export { type EmbeddedServer, type ServerOptions, startServer } from './server.js';
export type { Durability } from './server-flags.js';
export type { Exit } from './server-process.js';
export { connectTo, waitServing } from './serving.js';
export { leastCli, pinnedCli } from './versions.js';
