import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after } from 'node:test'
import { openMedia, type Media } from '../../src/media/pool.ts'

const root = join(import.meta.dirname, '../..')
let media: Media | null = null

/** Real picture processes, shared by all tests of this process. Built if there is a build, else from the sources. */
export function sharedMedia(): Media {
  if (media === null) {
    const built = join(root, 'dist/media-worker.js')
    const worker = existsSync(built)
      ? { workerPath: built }
      : { workerPath: join(root, 'src/media/worker.ts'), execArgv: ['--import', 'tsx'] }
    media = openMedia({ ...worker, processes: 2 })
  }
  return media
}

after(async () => {
  await media?.close()
})
