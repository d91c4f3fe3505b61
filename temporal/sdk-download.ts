/**
 * Run as a process of its own: node sdk-download.js <folder> <version> <word>. Says the word when it is about to ask, for it may be
 * long in starting; leaves the CLI in the folder, or says in one line why not.
 */
import { TestWorkflowEnvironment } from '@temporalio/testing';

async function download(downloadDir: string, version: string): Promise<void> {
  // The SDK has no call that only downloads: it starts what it downloaded, for a moment and in memory.
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'cached-download', downloadDir, version, ttl: '100 years' } },
  });
  await environment.teardown();
}

const [, , folder = '', version = '', word = ''] = process.argv;
try {
  console.log(word);
  await download(folder, version);
} catch (error) {
  console.error((error as Error).message.replaceAll('\n', ' '));
  process.exitCode = 1;
}
