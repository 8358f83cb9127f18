import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { samplePhotos, withComment } from './photographs.ts'
import { familyOf, processorSeconds } from './processes.ts'
import { bundle, environment, prepareFolder, startVitrine, temporaryFolder } from './programs.ts'
import { untilReady, uploadShot, type Door } from './shots.ts'
import { alternate, median, type Comparison, type Slice } from './slices.ts'

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

/** Milliseconds of processor time for one photograph: of the server, of its picture processes, of bare `sharp`. */
export interface Parts {
  server: number
  pictures: number
  bare: number
}

/**
 * Photographs per second from the first byte sent to the last shot ready, against bare `sharp` in as many processes
 * as make Vitrine's pictures.
 */
export async function measureUploads(
  options: UploadOptions,
  processes = ROOMY,
): Promise<{ rate: Comparison; parts: Parts }> {
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
  const parts = countParts(total)
  const family = () => familyOf(vitrine.pid)
  const upload = () => uploadAll({ url: vitrine.url, token }, total, options.clients, fresh)
  const rate = await alternate({ name, goal: 0.85 }, options.rounds, {
    vitrine: () =>
      parts.counted({ server: () => family().slice(0, 1), pictures: () => family().slice(1) }, () =>
        timed(total, family, upload),
      ),
    baseline: () =>
      parts.counted({ bare: () => bare.pids }, () =>
        timed(
          total,
          () => bare.pids,
          () => bare.renderAll(total),
        ),
      ),
  })
  return { rate, parts: parts.typical() }
}

type Pids = () => readonly number[]

/** Adds up, slice by slice, what the processes of each part use. @param things How many there are in a slice. */
function countParts(things: number) {
  const used: Record<keyof Parts, number[]> = { server: [], pictures: [], bare: [] }
  // The first slice of each warmed the programs up.
  const typical = (part: keyof Parts) => median(used[part].slice(1))
  return {
    async counted(who: Partial<Record<keyof Parts, Pids>>, slice: () => Promise<Slice>): Promise<Slice> {
      const parts = (['server', 'pictures', 'bare'] as const).flatMap((part) => {
        const pids = who[part]
        return pids ? [{ part, pids, before: secondsOf(pids()) }] : []
      })
      const result = await slice()
      for (const { part, pids, before } of parts)
        used[part].push(((secondsOf(pids()) - before) * 1000) / things)
      return result
    },
    typical: (): Parts => ({
      server: typical('server'),
      pictures: typical('pictures'),
      bare: typical('bare'),
    }),
  }
}

const secondsOf = (pids: readonly number[]) =>
  pids.reduce((sum, pid) => sum + (processorSeconds(pid) ?? 0), 0)

/** @param who The processes that do the work. */
async function timed(
  things: number,
  who: () => readonly number[],
  work: () => Promise<void>,
): Promise<Slice> {
  const used = () => secondsOf(who())
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
  // The queue is first come, first served: the last one is ready last, and only its moment is to be known well.
  const last = locations.at(-1)
  for (const location of locations) await untilReady(door, location, location === last ? 10 : 60)
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
