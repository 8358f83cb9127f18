import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { text } from 'node:stream/consumers'
import { FolderLocked, lockFolder } from '../../src/database/lock.ts'
import { temporaryFolder } from '../helpers/folders.ts'

const lockModule = join(import.meta.dirname, '../../src/database/lock.ts')

/** A process that tries to take the lock, says what came of it, and waits to be ended if it has it. */
function otherProcess(folder: string): ChildProcess {
  const program = `
    const { lockFolder, FolderLocked } = await import(${JSON.stringify(lockModule)})
    try {
      await lockFolder(${JSON.stringify(folder)})
      console.log('locked')
      setInterval(() => globalThis.gc?.(), 10)
    } catch (error) {
      console.log(error instanceof FolderLocked ? error.message : 'failed: ' + error)
    }`
  const options = ['--expose-gc', '--import', 'tsx', '--input-type=module', '--eval', program]
  return spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function firstLine(child: ChildProcess): Promise<string> {
  assert.ok(child.stdout)
  const said: unknown[] = await once(child.stdout, 'data')
  return String(said[0]).trim()
}

async function lockAndRelease(folder: string): Promise<void> {
  const lock = await lockFolder(folder)
  await lock.release()
}

test('a second process is refused at once with a sentence, and let in after the release', async () => {
  await using folder = await temporaryFolder()
  const lock = await lockFolder(folder.path)
  const refused = otherProcess(folder.path)
  assert.ok(refused.stdout)
  const [said] = await Promise.all([text(refused.stdout), once(refused, 'exit')])
  assert.match(said, /^Another Vitrine is using this data folder; .* VITRINE_DATA\.$/m)
  await assert.rejects(lockFolder(folder.path), FolderLocked)

  await lock.release()
  await lock.release()
  await lockAndRelease(folder.path)
})

test('a lock ends with its process, also when that is killed', async () => {
  await using folder = await temporaryFolder()
  const holder = otherProcess(folder.path)
  const exited = once(holder, 'exit')
  try {
    assert.equal(await firstLine(holder), 'locked')
    await assert.rejects(lockFolder(folder.path), FolderLocked)
  } finally {
    holder.kill('SIGKILL')
    await exited
  }
  await lockAndRelease(folder.path)
})

test('a damaged lock file still locks', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'serve.lock'), 'flipped bits '.repeat(500))
  const lock = await lockFolder(folder.path)
  await assert.rejects(lockFolder(folder.path), FolderLocked)
  await lock.release()
})

test('a folder that is not there is an error, not a lock', async () => {
  await using folder = await temporaryFolder()
  await assert.rejects(lockFolder(join(folder.path, 'absent')), (error) => !(error instanceof FolderLocked))
})
