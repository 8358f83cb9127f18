import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { samplePhoto } from './photographs.ts'
import { familyOf, memoryMegabytes } from './processes.ts'
import { prepareFolder, startVitrine, temporaryFolder } from './programs.ts'
import { untilReady, uploadShot } from './shots.ts'
import { median } from './slices.ts'

export interface StartOptions {
  starts: number
  /** How long the server is left alone before its memory is read; picture processes end after 30 seconds of it. */
  idleSeconds: number
}

export interface StartResult {
  /** Seconds from the start of the process on a folder that does not exist yet to listening. */
  emptyToListening: number
  /** The same on a folder that holds one account, one application and one token. */
  preparedToListening: number
  /** And on to the 202 of the first upload. */
  preparedToAccepted: number
  /** Megabytes of the server and its children, shared pages counted once; null where it cannot be read. */
  freshMegabytes: number | null
  /** After an upload, a look at it, and the idle time. */
  idleMegabytes: number | null
}

/** Times of a cold start, and the size of a server nobody uses. */
export async function measureStart({ starts, idleSeconds }: StartOptions): Promise<StartResult> {
  const picture = await samplePhoto({ width: 800, height: 600, seed: 1 })
  await using folder = await temporaryFolder()
  const prepared = join(folder.path, 'prepared')
  const token = await prepareFolder(prepared)

  const times: { empty: number; listening: number; accepted: number }[] = []
  for (let start = 0; start < starts; start += 1) {
    const copy = join(folder.path, `copy-${start}`)
    await cp(prepared, copy, { recursive: true })
    times.push({
      empty: await startOnNothing(join(folder.path, `empty-${start}`)),
      ...(await startAndUpload(copy, token, picture)),
    })
  }
  return {
    emptyToListening: median(times.map(({ empty }) => empty)),
    preparedToListening: median(times.map(({ listening }) => listening)),
    preparedToAccepted: median(times.map(({ accepted }) => accepted)),
    ...(await measureMemory(prepared, { token, picture, idleSeconds })),
  }
}

async function startOnNothing(folder: string): Promise<number> {
  const since = stopwatch()
  await using server = await startVitrine(folder, {}, null)
  void server
  return since()
}

async function startAndUpload(folder: string, token: string, picture: Buffer) {
  const since = stopwatch()
  await using server = await startVitrine(folder, {}, null)
  const listening = since()
  await uploadShot({ url: server.url, token }, picture, 'First')
  return { listening, accepted: since() }
}

async function measureMemory(
  folder: string,
  { token, picture, idleSeconds }: { token: string; picture: Buffer; idleSeconds: number },
) {
  await using server = await startVitrine(folder, {}, null)
  await wait(1000)
  const freshMegabytes = familyMegabytes(server.pid)
  const door = { url: server.url, token }
  await untilReady(door, await uploadShot(door, picture, 'Only'))
  await wait(idleSeconds * 1000)
  return { freshMegabytes, idleMegabytes: familyMegabytes(server.pid) }
}

function familyMegabytes(pid: number): number | null {
  const sizes = familyOf(pid).map((member) => memoryMegabytes(member)?.pss)
  return sizes.reduce<number | null>((sum, pss) => (sum === null || pss === undefined ? null : sum + pss), 0)
}

/** Seconds since it was made. */
function stopwatch(): () => number {
  const startedMs = performance.now()
  return () => (performance.now() - startedMs) / 1000
}
