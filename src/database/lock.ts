import { truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { openSqliteFile, sqliteCode } from './sqlite.ts'

/** Another process serves this data folder; the message is one sentence for the person who starts the program. */
export class FolderLocked extends Error {}

type LockFile = ReturnType<typeof openSqliteFile>

/** What is held, so that a lock lives until it is released even when nobody keeps the answer. */
const held = new Set<LockFile>()

/**
 * Claims a data folder for this process: one server per folder. A tiny SQLite file is held under BEGIN EXCLUSIVE,
 * so the operating system frees it at once however the process ends; there is no stale file to clear away.
 *
 * @throws FolderLocked at once when another process, or this one, holds the folder.
 */
export async function lockFolder(folder: string): Promise<{ release: () => Promise<void> }> {
  const path = join(folder, 'serve.lock')
  const lock = take(path) ?? (await takeDamaged(path))
  held.add(lock)
  return {
    release() {
      if (held.delete(lock)) lock.close()
      return Promise.resolve()
    },
  }
}

/** The lock, or null when the file is free but is no SQLite file. */
function take(path: string): LockFile | null {
  const file = openSqliteFile(path, 0)
  try {
    file.exec('begin exclusive')
    return file
  } catch (error) {
    file.close()
    const code = sqliteCode(error)
    if (code === 26 || code === 11) return null
    if (code !== 5) throw error
    throw new FolderLocked(
      'Another Vitrine is using this data folder; stop that one first, or choose another folder with VITRINE_DATA.',
      { cause: error },
    )
  }
}

/** The file holds nothing worth keeping. It is emptied in place: a new file would not carry another's lock. */
async function takeDamaged(path: string): Promise<LockFile> {
  await truncate(path, 0)
  const lock = take(path)
  if (lock === null) throw new Error('serve.lock in the data folder cannot be used as a lock')
  return lock
}
