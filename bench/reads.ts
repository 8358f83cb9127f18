import { join } from 'node:path'
import {
  compare,
  get,
  getIfChanged,
  record,
  startBaseline,
  unseen,
  type Case,
  type Size,
} from './compared.ts'
import { samplePhoto } from './photographs.ts'
import { CORES } from './processes.ts'
import { prepareFolder, startVitrine, temporaryFolder } from './programs.ts'
import { bearer, untilReady, uploadShot, type Door } from './shots.ts'
import type { Comparison } from './slices.ts'

export interface ReadOptions extends Size {
  /** Shots in the library; the list is read in pages of 30. */
  shots: number
}

const PAGE = 30
/** The limiter counts as ever, but nobody reaches these. */
const SETTINGS = {
  VITRINE_DRIBBBLE_V2_LIMITS: '999999999/60,999999999/86400',
  VITRINE_DRIBBBLE_DIMENSIONS: 'any',
}

/** Requests per second of reads against a bare server that sends the same bytes. */
export async function measureReads({ shots, ...size }: ReadOptions): Promise<Comparison[]> {
  await using folder = await temporaryFolder()
  const token = await prepareFolder(join(folder.path, 'data'))
  await using vitrine = await startVitrine(join(folder.path, 'data'), SETTINGS, CORES?.server ?? null)
  const paths = await fill({ url: vitrine.url, token }, shots)
  const recorded = await record(vitrine.url, [...paths.shots, ...paths.lists], bearer(token))
  await using baseline = await startBaseline(folder.path, recorded)

  const shot = get(paths.shots)
  const list = get(paths.lists)
  const sameShot = getIfChanged(recorded, paths.shots)
  const cases: Case[] = [
    { name: 'a shot', goal: 0.45, vitrine: shot, baseline: shot },
    { name: `${PAGE} shots`, goal: 0.45, vitrine: list, baseline: list },
    { name: 'a shot, 304', goal: 0.65, vitrine: sameShot, baseline: shot },
    { name: `${PAGE} shots, 304`, goal: 0.65, vitrine: getIfChanged(recorded, paths.lists), baseline: list },
    { name: 'a shot, 304 against 304', vitrine: sameShot, baseline: sameShot },
    { name: 'a shot, rendered anew', vitrine: get(unseen(paths.shots)), baseline: shot },
    { name: `${PAGE} shots, rendered anew`, vitrine: get(unseen(paths.lists)), baseline: list },
  ]
  const always = { ...bearer(token), 'user-agent': 'bench' }
  // Awaited here: the servers end with this function.
  return await compare({ vitrine, baseline }, cases, always, size)
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
