/** A load as a program tells it whose code was changed under open loads: its first step is another one. */
import { sleep } from '@temporalio/workflow';

export async function loadSeries(): Promise<void> {
  await sleep(1_000);
}
