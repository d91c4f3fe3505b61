/** What a namespace must have before loads run in it. Safe to repeat, and repeated at every start. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, isGrpcServiceError } from '@temporalio/client';
import proto from '@temporalio/proto';
import { searchAttributes } from '../src/model/search-attributes.js';

/** The server's own day would make finished loads vanish from the UI overnight. */
export const RETENTION_DAYS = 90;
const DAY_SECONDS = 86_400;
const GRPC_NOT_FOUND = 5;
/** A server reads its list of namespaces every few seconds. */
const KNOWN_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 200;
const { INDEXED_VALUE_TYPE_KEYWORD: KEYWORD } = proto.temporal.api.enums.v1.IndexedValueType;

/** Creates the namespace if it is missing, keeps its history for at least 90 days, adds our search attributes. */
export async function prepareNamespace(connection: Connection, namespace: string): Promise<void> {
  await keepHistory(connection, namespace);
  await addSearchAttributes(connection, namespace);
}

async function keepHistory(connection: Connection, namespace: string): Promise<void> {
  const retention = { seconds: RETENTION_DAYS * DAY_SECONDS };
  const seconds = await retentionSeconds(connection, namespace);
  if (seconds === undefined) {
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: retention as never });
  } else if (seconds < retention.seconds) {
    await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: retention as never } });
  }
}

/** Undefined when there is no such namespace. */
async function retentionSeconds(connection: Connection, namespace: string): Promise<number | undefined> {
  const description = await unlessMissing(connection.workflowService.describeNamespace({ namespace }));
  return description && Number(description.config?.workflowExecutionRetentionTtl?.seconds ?? 0);
}

/** Flags that name attributes only count when a database is created, so they are added by call. */
async function addSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const present = await presentAttributes(connection, namespace);
  const missing = Object.values(searchAttributes).filter(name => present[name] !== KEYWORD);
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map(name => [name, KEYWORD])),
  });
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
