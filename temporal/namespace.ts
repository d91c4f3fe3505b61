/** What a namespace must have before loads run in it. Safe to repeat, and repeated at every start. */
import { type Connection, isGrpcServiceError } from '@temporalio/client';
import proto from '@temporalio/proto';
import { searchAttributes } from '../src/model/search-attributes.js';

/** The server's own day would make finished loads vanish from the UI overnight. */
export const RETENTION_DAYS = 90;
const DAY_SECONDS = 86_400;
const GRPC_NOT_FOUND = 5;
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
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    return Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
  } catch (error) {
    if (isGrpcServiceError(error) && Number(error.code) === GRPC_NOT_FOUND) return undefined;
    throw error;
  }
}

/** Flags that name attributes only count when a database is created, so they are added by call. */
async function addSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(searchAttributes).filter(name => customAttributes?.[name] !== KEYWORD);
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map(name => [name, KEYWORD])),
  });
}
