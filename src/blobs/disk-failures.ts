import { BlobStoreFull, StorageBroken } from './blobs.ts'

/** No room, or mounted read-only for now: the same to whoever uploads, and it passes. */
const noRoom = new Set(['ENOSPC', 'EDQUOT', 'EROFS'])

/** Runs the writing steps of a store and says what their failures mean. */
export interface Breaker {
  /**
   * @throws BlobStoreFull when there is no room; StorageBroken when the disk failed, and ever after, because what
   * a failed fsync has dropped a later one reports as safe; other errors as they are.
   */
  guard: <T>(step: () => Promise<T>) => Promise<T>
}

export function breaker(): Breaker {
  let broken: unknown
  return {
    async guard(step) {
      if (broken !== undefined) throw new StorageBroken('the blob store failed before', { cause: broken })
      try {
        return await step()
      } catch (error) {
        if (noRoom.has(codeOf(error) ?? '')) throw new BlobStoreFull('no room for blobs', { cause: error })
        if (!meansBroken(error)) throw error
        broken = error
        throw new StorageBroken('the blob store cannot say that bytes are safe', { cause: error })
      }
    },
  }
}

function meansBroken(error: unknown): boolean {
  const syscall = error instanceof Error && 'syscall' in error ? error.syscall : undefined
  return codeOf(error) === 'EIO' || syscall === 'fsync'
}

/** The system's name of an error (`ENOENT` …), if it has one. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
