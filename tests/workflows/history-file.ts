/** A history as a JSON file and back. The SDK's own conversion needs one copy of protobufjs in the tree, and npm installs several. */
import proto from '@temporalio/proto';
import { traceless } from './traceless.js';

const { History } = proto.temporal.api.history.v1;
export type History = proto.temporal.api.history.v1.IHistory;

/** A history as plain data. */
export interface Written {
  readonly events: readonly { readonly eventType: string; readonly [attributes: string]: unknown }[];
}

export function written(history: History): string {
  const plain = History.toObject(History.fromObject(history), { longs: String, enums: String, bytes: String });
  return `${JSON.stringify(traceless(plain), null, 1)}\n`;
}

export const read = (text: string): Written => JSON.parse(text) as Written;

export const historyOf = (plain: Written): History => History.fromObject(plain as object);
