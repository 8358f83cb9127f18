import { join } from 'node:path'

/** The child process that reads and shows pages, from the sources. */
export const pageWorker = {
  workerPath: join(import.meta.dirname, '../../src/reading/page-worker.ts'),
  execArgv: ['--import', 'tsx'],
}
