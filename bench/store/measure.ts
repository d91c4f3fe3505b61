/** One task in a process of its own, so that its memory is its own: the task as JSON in, one line of JSON out; nothing when the peer has no answer. */
import { childrenOf, peakMb } from '../process-memory.js';
import { limit } from './limit.js';
import { tapekeep } from './tapekeep.js';
import { type Answers, lineOf, type Peer, type Task } from './task.js';

const PEERS: Record<Peer, Answers> = { tapekeep, limit };

const { peer, ...task } = JSON.parse(process.argv[2] as string) as Task & { peer: Peer };
const peaks = new Map<number, number>();
const look = setInterval(() => {
  for (const pid of childrenOf(process.pid)) peaks.set(pid, peakMb(pid));
}, 50);
const measured = await PEERS[peer][task.bench]?.(task);
clearInterval(look);
const own = process.resourceUsage().maxRSS / 1024;
if (measured) console.log(JSON.stringify(lineOf(task, peer, measured, own + Math.max(0, ...peaks.values()))));
