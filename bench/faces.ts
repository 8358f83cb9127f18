import { join } from 'node:path'
import { compare, get, record, startBaseline, unseen, type Case, type Side, type Size } from './compared.ts'
import { digestRequests } from './digest.ts'
import { getRequest, inTurn, load } from './load.ts'
import { samplePhoto } from './photographs.ts'
import { CORES, onGeneratorCore } from './processes.ts'
import { prepareFolder, startVitrine, temporaryFolder, type Program } from './programs.ts'
import { bearer, untilReady, uploadShot, type Door } from './shots.ts'
import { alternate, type Comparison } from './slices.ts'

export interface FaceOptions extends Size {
  items: number
}

export interface FacesFound {
  /** Against the bare server. */
  reads: Comparison[]
  /** Requests signed with Digest, against the same requests with a Bearer token. */
  digest: Comparison
  /** From sending a search that cannot be read to its 400, one at a time. */
  refusedMs: number
}

const LOGIN = 'bench'
/** The limiter counts as ever, but nobody reaches these. */
const SETTINGS = {
  VITRINE_DRIBBBLE_V2_LIMITS: '999999999/60,999999999/86400',
  VITRINE_TOOKAPIC_LIMITS: '999999999/3600',
  VITRINE_DRIBBBLE_DIMENSIONS: 'any',
}
const TAGS = ['sea', 'night', 'paper boat', 'lighthouse', 'red', 'portrait', 'wide']

/** Searches as people write them, and pages of 15 to 50. */
const SEARCHES = [
  ['sea', 15],
  ['sea AND night', 30],
  ['(sea || lighthouse), -portrait', 50],
  ['paper boat, width.gte:800', 15],
  ['r* && !night', 50],
  ['score.gte:0 AND red, aspect_ratio.gt:1', 30],
] as const
/** A bracket that is not closed, a term that is missing, a field that takes no such value. */
const BROKEN_SEARCHES = ['(sea AND night', 'sea, , night', 'red, width:wide']

/** Reads of the faces that share `faces/rendered-answers`, and what their ways of signing in and of refusing cost. */
export async function measureFaces({ items, ...size }: FaceOptions): Promise<FacesFound> {
  await using folder = await temporaryFolder()
  const data = join(folder.path, 'data')
  const token = await prepareFolder(data)
  await using vitrine = await startVitrine(data, SETTINGS, CORES?.server ?? null)
  const paths = pathsOf(await fill({ url: vitrine.url, token }, items), items)
  const always = { ...bearer(token), 'user-agent': 'bench' }
  await using baseline = await startBaseline(
    folder.path,
    await record(vitrine.url, Object.values(paths).flat(), always),
  )
  return {
    reads: await compare({ vitrine, baseline }, casesOf(paths), always, size),
    digest: await compareDigest(vitrine, paths.assets, token, size),
    refusedMs: await timeOfRefusal(vitrine, paths.broken, size),
  }
}

function casesOf({ assets, searches, broken, photos, photoLists }: Paths): Case[] {
  const refused: Side = { ...get(broken), status: 400 }
  const anew = (paths: readonly string[]) => ({ vitrine: get(unseen(paths)), baseline: get(paths) })
  const same = (side: Side) => ({ vitrine: side, baseline: side })
  return [
    { name: 'Gimme Bar, 10 assets', goal: 0.4, ...same(get(assets)) },
    { name: 'Gimme Bar, 10 assets, rendered anew', ...anew(assets) },
    { name: 'Derpibooru, searches', goal: 0.35, ...same(get(searches)) },
    { name: 'Derpibooru, searches, rendered anew', ...anew(searches) },
    { name: 'Derpibooru, malformed searches', ...same(refused) },
    { name: 'Tookapic, a photo', ...same(get(photos)) },
    { name: 'Tookapic, 10 photos', ...same(get(photoLists)) },
    { name: 'Tookapic, 10 photos, rendered anew', ...anew(photoLists) },
  ]
}

type Paths = ReturnType<typeof pathsOf>

function pathsOf(ids: readonly string[], items: number) {
  const pages = Array.from({ length: Math.floor(items / 10) }, (_, at) => at)
  const search = (query: string, size: number) =>
    `/derpibooru/search.json?q=${encodeURIComponent(query)}&perpage=${size}`
  return {
    assets: pages.map((page) => `/gimmebar/api/v1/assets?limit=10&skip=${page * 10}`),
    searches: SEARCHES.map(([query, size]) => search(query, size)),
    broken: BROKEN_SEARCHES.map((query) => search(query, 15)),
    photos: ids.map((id) => `/tookapic/photos/${id}`),
    photoLists: pages.map((page) => `/tookapic/photos?page=${page + 1}&per_page=10`),
  }
}

/** Fills a library with pictures of some tags each, and tells their ids. */
async function fill(door: Door, items: number): Promise<string[]> {
  const picture = await samplePhoto({ width: 800, height: 600, seed: 1 })
  const locations: string[] = []
  for (let number = 0; number < items; number += 1) {
    const tags = TAGS.filter((_, at) => number % (at + 2) === 0)
    locations.push(await uploadShot(door, picture, `Picture number ${number}`, tags))
  }
  for (const location of locations) await untilReady(door, location)
  return locations.map((location) => /\d+/.exec(location.slice(location.lastIndexOf('/')))?.[0] ?? '')
}

/** A new nonce for each slice, as a client would have; the counting goes on within one. */
async function compareDigest(
  { url, pid }: Program,
  paths: readonly string[],
  token: string,
  { rounds, ...slice }: Size,
): Promise<Comparison> {
  const plain = inTurn(paths.map((path) => getRequest(url, path, bearer(token))))
  const about = { name: 'Gimme Bar, 10 assets, Digest against Bearer', goal: 0.83 }
  return onGeneratorCore(() =>
    alternate(about, rounds, {
      async vitrine() {
        const next = await digestRequests(url, paths, { login: LOGIN, token })
        return load({ url, pid, next, status: 200, ...slice })
      },
      baseline: () => load({ url, pid, next: plain, status: 200, ...slice }),
    }),
  )
}

async function timeOfRefusal(
  { url, pid }: Program,
  paths: readonly string[],
  { seconds }: Size,
): Promise<number> {
  const next = inTurn(paths.map((path) => getRequest(url, path, { 'user-agent': 'bench' })))
  const about = { url, pid, next, status: 400, connections: 1, seconds }
  const { perSecond } = await onGeneratorCore(() => load(about))
  return 1000 / perSecond
}
