import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { temporaryFolder } from '../helpers/folders.ts'
import {
  addToken,
  callerOf,
  incomingNames,
  startServer,
  until,
  type Caller,
  type Reply,
} from '../helpers/started-server.ts'
import { multipart } from '../helpers/vitrine.ts'
import { distinctPicture } from './distinct-pictures.ts'
import { assertSound } from './oracle.ts'

const run = promisify(execFile)
const NO_ROOM = { message: 'There is no room left to store that.' }

/** A small file system of a test's own, or the reason there is none. */
async function smallDisk(path: string): Promise<(AsyncDisposable & { path: string }) | string> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'mounting a small file system takes root'
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', path])
  } catch (error) {
    return `a small file system cannot be mounted here: ${error instanceof Error ? error.message : String(error)}`
  }
  return {
    path,
    async [Symbol.asyncDispose]() {
      await run('umount', ['-l', path])
    },
  }
}

/** Takes all the room there is but for so many bytes. */
async function fillUp(path: string, leaveBytes: number): Promise<void> {
  const file = await open(join(path, 'ballast'), 'a')
  const { bavail, bsize } = await statfs(path)
  const block = Buffer.alloc(64 * 1024)
  try {
    for (let left = bavail * bsize - leaveBytes; left > 0; left -= block.length)
      await file.write(block, 0, Math.min(left, block.length))
  } catch (error) {
    // The server took some of it meanwhile: fuller than full it cannot be.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  } finally {
    await file.close()
  }
}

async function upload(caller: Caller, n: number) {
  const { bytes } = await distinctPicture(n)
  const { payload, headers } = multipart({ title: `Shot ${n}` }, { image: bytes })
  return caller.call('POST', '/v2/shots', { body: payload, headers })
}

// Reliability: "disk full: writes 507 (or the dialect's error), reads go on, recovers by itself when space returns".
test('on a full disk writes are refused with 507 and reads go on; with room again, all goes on', async (t) => {
  await using mountPoint = await temporaryFolder()
  const mounted = await smallDisk(mountPoint.path)
  if (typeof mounted === 'string') {
    t.skip(mounted)
    return
  }
  await using disk = mounted
  const token = await addToken(disk.path)
  const acknowledged: number[] = []
  {
    await using server = await startServer(disk.path)
    const caller = callerOf(server, token)
    acknowledged.push(idOf(await upload(caller, 1)))
    const first = `/v2/shots/${acknowledged[0]}`
    await until('the first shot', async () => (await caller.call('GET', first)).status === 200)
    const { images } = (await caller.call('GET', first)).json() as { images: { normal: string } }

    for (const leaveBytes of [0, 8 * 1024, 200 * 1024]) {
      await fillUp(disk.path, leaveBytes)
      const refused = await uploadUntilRefused(caller, acknowledged)
      assert.deepEqual([refused.status, refused.json()], [507, NO_ROOM])
      const edit = await caller.call('PUT', first, { json: { title: 'Edited' } })
      assert.ok(edit.status === 200 || edit.status === 507, `an edit was answered ${edit.status}`)
      for (const path of ['/v2/user', '/v2/user/shots', first, images.normal])
        assert.equal((await caller.call('GET', path)).status, 200, `reading ${path}`)

      await rm(join(disk.path, 'ballast'))
      acknowledged.push(idOf(await upload(caller, 1000 + acknowledged.length)))
    }
    server.signal('SIGTERM')
    assert.deepEqual(await server.ended, { code: 0, signal: null })
  }
  // Pictures whose making met the full disk are tried again after a while; a start does not wait so long.
  await using server = await startServer(disk.path)
  const caller = callerOf(server, token)
  for (const id of acknowledged)
    await until(
      `shot ${id} is ready`,
      async () => (await caller.call('GET', `/v2/shots/${id}`)).status === 200,
    )
  await until('no upload left a file', async () => (await incomingNames(disk.path)).length === 0)
  await assertSound(disk.path)
})

/** @throws AssertionError unless the upload was taken. */
function idOf(reply: Reply): number {
  assert.equal(reply.status, 202, String(reply.body))
  return Number(reply.headers.get('location')?.split('/').at(-1))
}

/** A full disk has a little room here and there: what is taken is kept in mind, and the first refusal returned. */
async function uploadUntilRefused(caller: Caller, acknowledged: number[]): Promise<Reply> {
  for (let n = 0; ; n += 1) {
    const reply = await upload(caller, 100 + acknowledged.length)
    if (reply.status !== 202 || n === 50) return reply
    acknowledged.push(idOf(reply))
  }
}
