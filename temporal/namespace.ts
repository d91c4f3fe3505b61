/** What a namespace must have before loads run in it. Safe to repeat, and repeated at every start. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, isGrpcServiceError } from '@temporalio/client';
import proto from '@temporalio/proto';
import { fail } from '../src/model/errors.js';
import { searchAttributes } from '../src/model/search-attributes.js';

/** The server's own day would make finished loads vanish from the UI overnight. */
export const RETENTION_DAYS = 90;
const DAY_SECONDS = 86_400;
const GRPC_NOT_FOUND = 5;
const GRPC_EXISTS = 6;
/** Permission denied, unimplemented, unauthenticated. */
const GRPC_NOT_ALLOWED: readonly number[] = [7, 12, 16];
/** A server reads its list of namespaces every few seconds. */
const KNOWN_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 200;
const { INDEXED_VALUE_TYPE_KEYWORD: KEYWORD } = proto.temporal.api.enums.v1.IndexedValueType;

/** What was made so, and what could not be, in words. */
export interface Prepared {
  readonly made: readonly string[];
  readonly lacking: readonly string[];
}

/** Creates the namespace if it is missing, keeps its history for at least 90 days, adds our search attributes. */
export async function prepareNamespace(connection: Connection, namespace: string): Promise<Prepared> {
  const parts = [await keepHistory(connection, namespace), await addSearchAttributes(connection, namespace)];
  return { made: parts.flatMap(p => p.made), lacking: parts.flatMap(p => p.lacking) };
}

const nothing: Prepared = { made: [], lacking: [] };

async function keepHistory(connection: Connection, namespace: string): Promise<Prepared> {
  const retention = { seconds: RETENTION_DAYS * DAY_SECONDS };
  const seconds = await retentionSeconds(connection, namespace);
  if (seconds === undefined) {
    await created(namespace, () =>
      connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: retention as never }),
    );
    return { made: ['it was not there, and is made'], lacking: [] };
  }
  if (seconds >= retention.seconds) return nothing;
  const days = seconds / DAY_SECONDS;
  return ifAllowed(
    connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: retention as never } }),
    `it keeps ended loads for ${RETENTION_DAYS} days instead of ${days}`,
    `it keeps ended loads for ${days} days only, and we may not change that: older ones are not listed`,
  );
}

async function created(namespace: string, make: () => Promise<unknown>): Promise<void> {
  try {
    await make();
  } catch (error) {
    // Two daemons may start at once.
    if (isGrpcServiceError(error) && Number(error.code) === GRPC_EXISTS) return;
    throw isNotAllowed(error) ? fail('NAMESPACE_UNFIT', { namespace, reason: 'it is not there, and we may not make it' }, error) : error;
  }
}

const isNotAllowed = (error: unknown): boolean => isGrpcServiceError(error) && GRPC_NOT_ALLOWED.includes(Number(error.code));

/** A server of somebody else's need not let us change it. */
async function ifAllowed(call: Promise<unknown>, made: string, lacking: string): Promise<Prepared> {
  try {
    await call;
    return { made: [made], lacking: [] };
  } catch (error) {
    if (isNotAllowed(error)) return { made: [], lacking: [lacking] };
    throw error;
  }
}

/** Undefined when there is no such namespace. */
async function retentionSeconds(connection: Connection, namespace: string): Promise<number | undefined> {
  const description = await unlessMissing(connection.workflowService.describeNamespace({ namespace }));
  return description && Number(description.config?.workflowExecutionRetentionTtl?.seconds ?? 0);
}

/** Flags that name attributes only count when a database is created, so they are added by call. */
async function addSearchAttributes(connection: Connection, namespace: string): Promise<Prepared> {
  const present = await presentAttributes(connection, namespace).catch(error => {
    if (isNotAllowed(error)) return undefined;
    throw error;
  });
  if (!present) return { made: [], lacking: ['whether it has our search attributes cannot be found out: we may not list them'] };
  const missing = Object.values(searchAttributes).filter(name => present[name] !== KEYWORD);
  if (missing.length === 0) return nothing;
  const names = missing.join(', ');
  try {
    const searchAttributes = Object.fromEntries(missing.map(name => [name, KEYWORD]));
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  } catch (error) {
    // A load that sets one that is not there would stand still for ever.
    throw isNotAllowed(error)
      ? fail('NAMESPACE_UNFIT', { namespace, reason: `it lacks the search attributes ${names}, and we may not add them` }, error)
      : error;
  }
  return { made: [`the search attributes ${names} were not there, and are added`], lacking: [] };
}

/** Waits for a namespace that was created a moment ago to become known. */
async function presentAttributes(connection: Connection, namespace: string): Promise<Record<string, unknown>> {
  const deadline = performance.now() + KNOWN_WITHIN_MS;
  for (;;) {
    const call = connection.operatorService.listSearchAttributes({ namespace });
    const answer = performance.now() < deadline ? await unlessMissing(call) : await call;
    if (answer) return answer.customAttributes ?? {};
    await sleep(LOOK_EVERY_MS);
  }
}

/** Undefined when the server does not know the namespace. */
async function unlessMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isGrpcServiceError(error) && Number(error.code) === GRPC_NOT_FOUND) return undefined;
    throw error;
  }
}
