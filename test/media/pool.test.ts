import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { deflateSync } from 'node:zlib'
import { examinePicture } from '../../src/media/inspect.ts'
import { openMedia, type Media, type MediaOptions } from '../../src/media/pool.ts'
import type { RenditionSpec } from '../../src/media/processed.ts'
import { hostileDir, makeFolder, pngChunk, pngEnd, pngHeader, pngOf } from './sample-pictures.ts'

const workerPath = join(import.meta.dirname, '..', '..', 'src', 'media', 'worker.ts')
const sound = join(hostileDir, 'generated', 'ok-400x300.png')
const renditions: RenditionSpec[] = [{ name: 'thumb', width: 40, height: 30, fit: 'inside', animate: false }]
const needsProc = { skip: process.platform === 'linux' ? false : 'reads /proc' }

function open(options: Omit<MediaOptions, 'workerPath'> = {}): Media & AsyncDisposable {
  const media = openMedia({ workerPath, execArgv: ['--import', 'tsx'], ...options })
  return Object.assign(media, { [Symbol.asyncDispose]: () => media.close() })
}

/** Our own children that run the worker. */
function workers(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const parent = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1]
        const isOurs = Number(parent) === process.pid
        return isOurs && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(workerPath)
      } catch {
        return false
      }
    })
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    assert.ok(tries < 500, 'it never came true')
    await wait(20)
  }
}

/** The only child, stopped in its tracks: whatever it is given never ends. */
async function freeze(media: Media, outputDir: string): Promise<number> {
  await media.processPicture({ path: sound, outputDir, renditions })
  const [pid, ...others] = workers()
  assert.ok(pid !== undefined && others.length === 0)
  process.kill(pid, 'SIGSTOP')
  return pid
}

test('children start on demand, are reused, and end when idle', needsProc, async () => {
  await using folder = await makeFolder()
  await using media = open({ idleMs: 200 })
  assert.deepEqual(workers(), [])
  const request = { path: sound, outputDir: folder.path, renditions }
  await media.processPicture(request)
  const first = workers()
  await media.processPicture(request)
  assert.deepEqual(workers(), first)
  assert.equal(first.length, 1)
  await until(() => workers().length === 0)
  await media.processPicture(request)
})

test('a child knows no secrets', needsProc, async () => {
  await using folder = await makeFolder()
  process.env['VITRINE_TEST_SECRET'] = 'open sesame'
  try {
    await using media = open()
    await media.processPicture({ path: sound, outputDir: folder.path, renditions })
    const environment = readFileSync(`/proc/${workers()[0]}/environ`, 'latin1').split('\0').filter(Boolean)
    const names = environment
      .map((line) => line.split('=')[0])
      .filter((name) => !name?.startsWith('NODE_CHANNEL_'))
    // The shell that sets the limit adds its own.
    assert.deepEqual(
      names.filter((name) => name !== 'PWD' && name !== 'OLDPWD' && name !== '_' && name !== 'SHLVL'),
      ['PATH'],
    )
  } finally {
    delete process.env['VITRINE_TEST_SECRET']
  }
})

test('a picture that takes too long is given up with its child, alone', needsProc, async () => {
  await using folder = await makeFolder()
  await using media = open({ processes: 1, timeoutMs: 2_000 })
  const frozen = await freeze(media, folder.path)
  const names = await folder.names()
  const request = { path: sound, outputDir: folder.path, renditions }
  const [slow, next] = await Promise.allSettled([
    media.processPicture(request),
    media.processPicture(request),
  ])
  assert.equal(slow.status, 'rejected')
  assert.deepEqual([slow.reason.name, slow.reason.kind], ['MediaError', 'too_large'])
  assert.equal(next.status, 'fulfilled')
  assert.ok(!workers().includes(frozen))
  assert.equal((await folder.names()).length, names.length + 1)
})

test('a child that is killed fails its job only', needsProc, async () => {
  await using folder = await makeFolder()
  await using media = open({ processes: 1 })
  const frozen = await freeze(media, folder.path)
  const request = { path: sound, outputDir: folder.path, renditions }
  const both = Promise.allSettled([media.processPicture(request), media.processPicture(request)])
  process.kill(frozen, 'SIGKILL')
  const [killed, next] = await both
  assert.equal(killed.status, 'rejected')
  assert.deepEqual([killed.reason.name, killed.reason.kind], ['MediaFailure', 'crashed'])
  assert.equal(next.status, 'fulfilled')
})

test('a picture that needs too much memory fails alone', needsProc, async () => {
  await using folder = await makeFolder()
  const path = join(folder.path, 'large.png')
  // Within the limits (191 MiB), but interlaced, so that it has to be held whole.
  const header = pngHeader({ width: 5_000, height: 5_000, bitDepth: 16, colourType: 6, interlace: 1 })
  await writeFile(path, pngOf(header, pngChunk('IDAT', deflateSync(Buffer.alloc(100))), pngEnd))
  await using output = await makeFolder()
  await using media = open({ processes: 1, memoryBytes: 272 * 1024 ** 2 })
  const request = { outputDir: output.path, renditions }
  await media.processPicture({ ...request, path: sound })
  const jobs = [path, sound, path, sound].map((each) => media.processPicture({ ...request, path: each }))
  const results = await Promise.allSettled(jobs)
  const told = results.map((result) => (result.status === 'rejected' ? result.reason.detail : result.status))
  const refusal = 'the picture takes too much memory to decode'
  assert.deepEqual(told, [refusal, 'fulfilled', refusal, 'fulfilled'])
  assert.equal((await output.names()).length, 3)
})

test('thirty bad pictures cost no child and leave no file', needsProc, async () => {
  await using folder = await makeFolder()
  await using output = await makeFolder()
  const junk = join(folder.path, 'junk.png')
  await writeFile(
    junk,
    pngOf(pngHeader({ width: 9, height: 9 }), pngChunk('IDAT', Buffer.from('junk')), pngEnd),
  )
  const bad = [
    junk,
    join(hostileDir, 'generated', 'trunc-50.jpg'),
    join(hostileDir, 'generated', 'svg-laughs.svg'),
  ]
  await using media = open({ processes: 2 })
  const paths = Array.from({ length: 30 }, (_, index) => bad[index % 3] ?? junk)
  const jobs = paths.map((path) => media.processPicture({ path, outputDir: output.path, renditions }))
  const results = await Promise.allSettled(jobs)
  assert.ok(results.every(({ status }) => status === 'rejected'))
  assert.ok(workers().length <= 2)
  assert.deepEqual(await output.names(), [])
  await media.close()
  assert.deepEqual(workers(), [])
})

test('closing ends everything and refuses what comes after', needsProc, async () => {
  await using folder = await makeFolder()
  const media = open({ processes: 1 })
  await freeze(media, folder.path)
  const request = { path: sound, outputDir: folder.path, renditions }
  const waiting = [media.processPicture(request), media.processPicture(request)]
  const results = Promise.allSettled(waiting)
  await media.close()
  assert.deepEqual(workers(), [])
  for (const result of await results)
    assert.equal(result.status === 'rejected' && result.reason.kind, 'closed')
  await assert.rejects(media.processPicture(request), { name: 'MediaFailure', kind: 'closed' })
  await media.close()
})

test('the queue is bounded', async () => {
  await using folder = await makeFolder()
  await using media = open({ processes: 1, queueLimit: 1 })
  const request = { path: sound, outputDir: folder.path, renditions }
  const taken = [media.processPicture(request), media.processPicture(request)]
  await assert.rejects(media.processPicture(request), { name: 'MediaFailure', kind: 'busy' })
  await Promise.all(taken)
})

test('troubles with files are not the fault of the picture', async () => {
  await using folder = await makeFolder()
  await using media = open({ processes: 1 })
  const nowhere = join(folder.path, 'nowhere')
  const failure = { name: 'MediaFailure', kind: 'file', code: 'ENOENT' }
  await assert.rejects(media.processPicture({ path: sound, outputDir: nowhere, renditions }), failure)
  await assert.rejects(media.processPicture({ path: nowhere, outputDir: folder.path, renditions }), failure)
})

test('what the server found is not looked for again, unless the file has changed since', async () => {
  await using folder = await makeFolder()
  await using media = open({ processes: 1 })
  const path = join(folder.path, 'picture.png')
  await copyFile(sound, path)
  const { judged } = await examinePicture(path)
  const request = { path, judged, outputDir: folder.path, renditions }
  assert.equal((await media.processPicture(request)).renditions.length, 1)
  // The decoder is asked for pixels by what was found, and contradicts what is wrong.
  const mistaken = { ...judged, facts: { ...judged.facts, width: 399 } }
  await assert.rejects(media.processPicture({ ...request, judged: mistaken }), { kind: 'corrupt' })

  await copyFile(join(hostileDir, 'generated', 'svg-script.svg'), path)
  await assert.rejects(media.processPicture(request), { name: 'MediaError', kind: 'unsupported' })
})

test('a child that cannot be started fails the job', async () => {
  await using folder = await makeFolder()
  const media = openMedia({ workerPath: join(folder.path, 'no-worker.js') })
  const request = { path: sound, outputDir: folder.path, renditions }
  await assert.rejects(media.processPicture(request), { name: 'MediaFailure', kind: 'crashed' })
  await media.close()
})

test('renditions with names or sides that make no sense are a mistake of the caller', async () => {
  await using media = open()
  const [thumb] = renditions
  assert.ok(thumb)
  for (const wrong of [
    [{ ...thumb, name: '../x' }],
    [{ ...thumb, width: 0 }],
    [{ ...thumb, height: 1.5 }],
    [thumb, thumb],
  ]) {
    await assert.rejects(media.processPicture({ path: sound, outputDir: '.', renditions: wrong }), RangeError)
  }
})
