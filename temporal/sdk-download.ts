/** Run as a process of its own: node sdk-download.js <folder> <version>. Leaves the CLI in the folder. */
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [, , downloadDir, version] = process.argv;
if (downloadDir === undefined || version === undefined) throw new Error('usage: sdk-download <folder> <version>');

// The SDK has no call that only downloads: it starts what it downloaded, for a moment and in memory.
const environment = await TestWorkflowEnvironment.createLocal({
  server: { executable: { type: 'cached-download', downloadDir, version, ttl: '100 years' } },
});
await environment.teardown();
