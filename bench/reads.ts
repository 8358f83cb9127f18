import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Recorded } from './baseline-server.ts'
import { getRequest, load } from './load.ts'
import { samplePhoto } from './photographs.ts'
import { CORES, onGeneratorCore } from './processes.ts'
import { prepareFolder, startOwn, startVitrine, temporaryFolder, type Program } from './programs.ts'
import { bearer, untilReady, uploadShot, type Door } from './shots.ts'
import { alternate, type Comparison } from './slices.ts'

export interface ReadOptions {
  /** Shots in the library; the list is read in pages of 30. */
  shots: number
  rounds: number
  seconds: number
  connections: number
}

const PAGE = 30
/** Rendered answers are kept in 32 MiB, and one takes at least a kilobyte. */
const MORE_THAN_IS_KEPT = 32_000
/** The limiter counts as ever, but nobody reaches these. */
const SETTINGS = {
  VITRINE_DRIBBBLE_V2_LIMITS: '999999999/60,999999999/86400',
  VITRINE_DRIBBBLE_DIMENSIONS: 'any',
}

/** Requests per second of reads against a bare server that sends the same bytes. */
export async function measureReads(options: ReadOptions): Promise<Comparison[]> {
  await using folder = await temporaryFolder()
  const token = await prepareFolder(join(folder.path, 'data'))
  await using vitrine = await startVitrine(join(folder.path, 'data'), SETTINGS, CORES?.server ?? null)
  const paths = await fill({ url: vitrine.url, token }, options.shots)

  const recorded = await Promise.all(
    [...paths.shots, ...paths.lists].map((path) => record(vitrine.url, path, token)),
  )
  const recording = join(folder.path, 'answers.json')
  await writeFile(recording, JSON.stringify(recorded))
  const args = [join(folder.path, 'answers.sqlite'), recording]
  await using baseline = await startOwn('baseline-server', args, CORES?.server ?? null)

  const etags = new Map(recorded.map(({ path, etag }) => [path, etag]))
  const plain = (path: string) => ({ path, headers: {} })
  const ifChanged = (path: string) => ({ path, headers: { 'if-none-match': etags.get(path) ?? '' } })
  const get = (paths: string[]): Side => ({ asked: paths.map(plain), status: 200 })
  const getIfChanged = (paths: string[]): Side => ({ asked: paths.map(ifChanged), status: 304 })
  const cases: Case[] = [
    { name: 'a shot', goal: 0.45, vitrine: get(paths.shots), baseline: get(paths.shots) },
    { name: `${PAGE} shots`, goal: 0.45, vitrine: get(paths.lists), baseline: get(paths.lists) },
    { name: 'a shot, 304', goal: 0.65, vitrine: getIfChanged(paths.shots), baseline: get(paths.shots) },
    {
      name: `${PAGE} shots, 304`,
      goal: 0.65,
      vitrine: getIfChanged(paths.lists),
      baseline: get(paths.lists),
    },
    {
      name: 'a shot, 304 against 304',
      vitrine: getIfChanged(paths.shots),
      baseline: getIfChanged(paths.shots),
    },
    { name: 'a shot, rendered anew', vitrine: get(unseen(paths.shots)), baseline: get(paths.shots) },
    { name: `${PAGE} shots, rendered anew`, vitrine: get(unseen(paths.lists)), baseline: get(paths.lists) },
  ]

  const { rounds, connections, seconds } = options
  const slice = ({ url, pid }: Program, { asked, status }: Side) => {
    const always = { ...bearer(token), 'user-agent': 'bench' }
    const requests = asked.map(({ path, headers }) => getRequest(url, path, { ...always, ...headers }))
    return () => load({ url, pid, requests, status, connections, seconds })
  }
  const found: Comparison[] = []
  for (const { vitrine: ours, baseline: theirs, ...about } of cases) {
    const programs = { vitrine: slice(vitrine, ours), baseline: slice(baseline, theirs) }
    found.push(await onGeneratorCore(() => alternate(about, rounds, programs)))
  }
  return found
}

interface Side {
  asked: { path: string; headers: Record<string, string> }[]
  status: number
}
interface Case {
  name: string
  goal?: number
  vitrine: Side
  baseline: Side
}

/** The same reads under so many addresses that no rendered answer is still kept when its address comes again. */
function unseen(paths: readonly string[]): string[] {
  return Array.from({ length: MORE_THAN_IS_KEPT }, (_, at) => {
    const path = paths[at % paths.length] ?? ''
    return `${path}${path.includes('?') ? '&' : '?'}unseen=${at}`
  })
}

/** Fills a library and tells the paths that are read. */
async function fill(door: Door, shots: number): Promise<{ shots: string[]; lists: string[] }> {
  const picture = await samplePhoto({ width: 800, height: 600, seed: 1 })
  const locations: string[] = []
  for (let number = 0; number < shots; number += 1)
    locations.push(await uploadShot(door, picture, `Shot number ${number}`))
  for (const location of locations) await untilReady(door, location)
  return {
    shots: locations.map((location) => new URL(location).pathname),
    lists: Array.from(
      { length: Math.floor(shots / PAGE) },
      (_, at) => `/dribbble/v2/user/shots?page=${at + 1}&per_page=${PAGE}`,
    ),
  }
}

/** One answer as the baseline is to send it. */
async function record(url: string, path: string, token: string): Promise<Recorded> {
  const answer = await fetch(url + path, { headers: { ...bearer(token), 'accept-encoding': 'identity' } })
  const body = await answer.text()
  const etag = answer.headers.get('etag')
  if (answer.status !== 200 || etag === null) throw new Error(`${path} answered ${answer.status}.`)
  const headers: string[] = []
  answer.headers.forEach((value, name) => {
    // The server writes these by itself.
    if (!['date', 'connection', 'keep-alive', 'transfer-encoding'].includes(name))
      headers.push(usual(name), value)
  })
  return { path, headers, etag, body }
}

const usual = (name: string) => name.replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase())
