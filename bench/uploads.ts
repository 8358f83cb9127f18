import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { samplePhotos, withComment } from './photographs.ts'
import { familyOf, processorSeconds } from './processes.ts'
import { bundle, environment, prepareFolder, startVitrine, temporaryFolder } from './programs.ts'
import { untilReady, uploadShot, type Door } from './shots.ts'
import { alternate, type Comparison, type Slice } from './slices.ts'

export interface UploadOptions {
  /** Different photographs; each is uploaded `times` in a slice, as a new file every time. */
  photos: number
  times: number
  megapixels: number
  rounds: number
  /** Uploads under way at once. */
  clients: number
}

const SETTINGS = {
  VITRINE_DRIBBBLE_V2_LIMITS: '999999999/60,999999999/86400',
  VITRINE_DRIBBBLE_DIMENSIONS: 'any',
}
/** As many as Vitrine starts by itself, where they leave a core to the server and the client. */
const ROOMY = Math.max(1, Math.min(2, availableParallelism() - 1))

/**
 * Photographs per second from the first byte sent to the last shot ready, against bare `sharp` in as many processes
 * as make Vitrine's pictures.
 */
export async function measureUploads(options: UploadOptions, processes = ROOMY): Promise<Comparison> {
  const photos = await samplePhotos(options.photos, options.megapixels)
  await using folder = await temporaryFolder()
  const data = join(folder.path, 'data')
  const token = await prepareFolder(data)
  await using vitrine = await startVitrine(
    data,
    { ...SETTINGS, VITRINE_MEDIA_PROCESSES: String(processes) },
    null,
  )
  await using bare = await startBare(join(folder.path, 'bare'), photos, processes)

  const total = photos.length * options.times
  let uploaded = 0
  const fresh = () => withComment(photos[uploaded % photos.length] ?? Buffer.alloc(0), `copy ${++uploaded}`)
  // Awaited here: both programs end when this function does.
  const name = `photographs, ${processes} picture ${processes === 1 ? 'process' : 'processes'}`
  return await alternate({ name, goal: 0.85 }, options.rounds, {
    vitrine: () =>
      timed(total, vitrine.pid, () => uploadAll({ url: vitrine.url, token }, total, options.clients, fresh)),
    baseline: () => timed(total, bare.pids, () => bare.renderAll(total)),
  })
}

/** @param who The processes that do the work, or the one whose children help it. */
async function timed(
  things: number,
  who: number | readonly number[],
  work: () => Promise<void>,
): Promise<Slice> {
  const used = () =>
    [typeof who === 'number' ? familyOf(who) : who]
      .flat()
      .reduce((sum, pid) => sum + (processorSeconds(pid) ?? 0), 0)
  const before = { server: used(), own: process.cpuUsage() }
  const startedMs = performance.now()
  await work()
  const took = (performance.now() - startedMs) / 1000
  const own = process.cpuUsage(before.own)
  return {
    perSecond: things / took,
    busy: { server: (used() - before.server) / took, generator: (own.user + own.system) / 1e6 / took },
  }
}

/** A few clients, each sending its next picture when the last was accepted; then all of them are waited for. */
async function uploadAll(door: Door, total: number, clients: number, next: () => Buffer): Promise<void> {
  const locations: string[] = []
  let sent = 0
  const client = async () => {
    while (sent < total) {
      sent += 1
      locations.push(await uploadShot(door, next(), `Photograph ${sent}`))
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  // The queue is first come, first served: the last ones are ready last.
  for (const location of locations.toReversed()) await untilReady(door, location)
}

/** Processes of the bare pipeline, warm like Vitrine's. */
async function startBare(folder: string, photos: readonly Buffer[], processes: number) {
  await mkdir(folder)
  const paths = photos.map((_, number) => join(folder, `${number}.jpg`))
  await Promise.all(paths.map((path, number) => writeFile(path, photos[number] ?? '')))
  const program = await bundle('baseline-pictures')
  const children = Array.from({ length: processes }, () =>
    fork(program, { env: environment({}), execArgv: [] }),
  )
  await Promise.all(children.map((child) => once(child, 'message')))

  return {
    pids: children.flatMap(({ pid }) => pid ?? []),
    async renderAll(total: number): Promise<void> {
      let taken = 0
      const keepBusy = async (child: ChildProcess) => {
        while (taken < total) {
          const path = paths[taken++ % paths.length]
          child.send(path ?? '')
          await once(child, 'message')
        }
      }
      await Promise.all(children.map(keepBusy))
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await Promise.all(
        children.map(async (child) => {
          const gone = once(child, 'exit')
          child.disconnect()
          await gone
        }),
      )
    },
  }
}
