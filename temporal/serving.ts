/** Waits until a Temporal server answers, as early as it does. */
import { connect as openSocket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, type ConnectionOptions } from '@temporalio/client';
import { CHANNEL } from '../src/model/channel.js';

const LOOK_EVERY_MS = 50;
const CALL_MS = 2_000;
const SERVING = 1;
const FRONTEND = 'temporal.api.workflowservice.v1.WorkflowService';

export interface Waiting {
  readonly withinMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Resolves when the server at `address` is SERVING and reads its own database; rejects after the deadline. */
export async function waitServing(address: string, { withinMs, signal }: Waiting): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    signal?.throwIfAborted();
    const answer = await probe(address);
    if (answer === 'serving') return;
    if (performance.now() > deadline) throw new Error(`${address} is not serving after ${withinMs / 1000} s (${answer})`);
    await sleep(LOOK_EVERY_MS, undefined, signal ? { signal } : undefined);
  }
}

/** 'serving', or why not. A gRPC channel rests after a refusal, so a plain socket knocks first. */
async function probe(address: string): Promise<string> {
  if (!(await listens(address))) return 'nothing listens there';
  const connection = connectTo(address);
  try {
    return await connection.withDeadline(Date.now() + CALL_MS, async () => {
      const { status } = await connection.healthService.check({ service: FRONTEND });
      if (status !== SERVING) return `health status ${status}`;
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      return 'serving';
    });
  } catch (error) {
    return (error as Error).message;
  } finally {
    await connection.close();
  }
}

/** How a server that is not on this machine is talked to. */
export type Secured = Pick<ConnectionOptions, 'tls' | 'apiKey'>;

/** A connection to our own server, or to one that the settings name. */
export const connectTo = (address: string, secured: Secured = {}): Connection =>
  Connection.lazy({ address, channelArgs: CHANNEL, ...secured });

function listens(address: string): Promise<boolean> {
  const at = address.lastIndexOf(':');
  return new Promise(resolve => {
    const socket = openSocket({ host: address.slice(0, at), port: Number(address.slice(at + 1)), timeout: CALL_MS });
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', end(true));
    socket.once('error', end(false));
    socket.once('timeout', end(false));
  });
}
