import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { CatalogueItem, CatalogueTag } from '../../src/search/catalogue/facts.ts'
import { tagName, wordOf } from './names.ts'
import { popular, randomNumbers, whole } from './random.ts'

/** The number of items the counts belong to. */
export const FULL_SIZE = 3_080_000
const SEED = 20_241_201
const ACCOUNTS = 40_000

/** An invented library whose tags are used as often as those of a large picture board. */
export interface Library {
  size: number
  tags: CatalogueTag[]
  /** How many items have each tag, by id less 1. */
  counts: number[]
  items: () => Generator<CatalogueItem>
}

/** The same library for the same size. At {@link FULL_SIZE} tag counts are exactly those of the data; else in proportion. */
export function generateLibrary(size: number, countsPath: string): Library {
  const counts = readCounts(countsPath)
    .map((count) => (size === FULL_SIZE ? count : Math.round((count * size) / FULL_SIZE)))
    .filter((count) => count > 0)
  const tags = counts.map((_, index) => ({
    id: index + 1,
    name: tagName(index),
    aliases: index % 20 === 7 ? [`${wordOf(index)} also`] : [],
  }))
  return { size, tags, counts, items: () => generateItems(size, counts) }
}

/** @param path One count per line, packed with gzip. */
function readCounts(path: string): number[] {
  return gunzipSync(readFileSync(path)).toString().trim().split('\n').map(Number)
}

function* generateItems(size: number, counts: readonly number[]): Generator<CatalogueItem> {
  const { starts, tags } = dealTags(size, counts)
  const random = randomNumbers(SEED)
  for (let index = 0; index < size; index += 1) {
    yield generateItem(index, size, Array.from(tags.subarray(starts[index], starts[index + 1])), random)
  }
}

/** Gives every tag to as many different items as it counts. The tags of item `i` are those from `starts[i]` on. */
function dealTags(size: number, counts: readonly number[]): { starts: Uint32Array; tags: Uint32Array } {
  const starts = new Uint32Array(size + 2)
  const taken = new Uint8Array(size)
  // Twice the same draws: once to count what each item gets, once to hand it out.
  for (const [index, count] of counts.entries()) {
    draw(size, count, { taken, seed: SEED + index }, (item) => {
      starts[item + 2] = (starts[item + 2] ?? 0) + 1
    })
  }
  for (let item = 0; item < size + 1; item += 1)
    starts[item + 1] = (starts[item + 1] ?? 0) + (starts[item] ?? 0)
  const tags = new Uint32Array(starts[size + 1] ?? 0)
  for (const [index, count] of counts.entries()) {
    draw(size, count, { taken, seed: SEED + index }, (item) => {
      const at = starts[item + 1] ?? 0
      tags[at] = index + 1
      starts[item + 1] = at + 1
    })
  }
  return { starts, tags }
}

/** Chooses `count` different numbers below `size`; `taken` must be all 0, and is again afterwards. */
function draw(
  size: number,
  count: number,
  { taken, seed }: { taken: Uint8Array; seed: number },
  give: (item: number) => void,
): void {
  const random = randomNumbers(seed)
  const few = count * 2 <= size
  const drawn = new Uint32Array(few ? count : size - count)
  for (let at = 0; at < drawn.length;) {
    const item = whole(random, size)
    if (taken[item] === 1) continue
    taken[item] = 1
    drawn[at] = item
    at += 1
  }
  if (few) for (const item of drawn) give(item)
  else for (let item = 0; item < size; item += 1) if (taken[item] === 0) give(item)
  for (const item of drawn) taken[item] = 0
}

/** Sides that pictures often have, in pixels. */
const SIDES = [1024, 1280, 1920, 800, 1000, 1200, 2048, 3000, 640, 1500]
const FIRST_DAY = Date.parse('2012-01-01T00:00:00Z')
const LAST_DAY = Date.parse('2024-12-01T00:00:00Z')

function generateItem(index: number, size: number, tags: number[], random: () => number): CatalogueItem {
  const created = Math.floor(FIRST_DAY + ((index + random()) / size) * (LAST_DAY - FIRST_DAY))
  // One in two hundred was brought along from elsewhere, with its old date.
  const seen = random() < 0.005 ? Math.floor(FIRST_DAY + random() * (created - FIRST_DAY)) : created
  const owner = 1 + popular(random, ACCOUNTS)
  const kind = random()
  const format = kind < 0.62 ? 'png' : kind < 0.9 ? 'jpeg' : kind < 0.96 ? 'gif' : 'webm'
  const anonymous = random() < 0.03
  return {
    id: index + 1,
    shown: shownBy(random()),
    tags,
    numbers: generateNumbers(tags.length, format === 'webm', random),
    dates: { created_at: seen, first_seen_at: seen, updated_at: created + whole(random, 10 ** 10) },
    ids: { true_owner_id: [owner], ...(!anonymous && { owner_id: [owner] }), faved_by_id: favers(random) },
    keywords: {
      ...(!anonymous && { owner: [`person ${wordOf(owner)}`] }),
      format: [format],
      mime_type: [format === 'webm' ? 'video/webm' : `image/${format}`],
      ...(random() < 0.6 && {
        source_url: [`https://pictures-${owner % 50}.example/works/${wordOf(index)}`],
      }),
    },
    flags: {
      animated: format === 'gif' || format === 'webm',
      processed: true,
      renditions_ready: true,
      anonymous,
    },
    ...(random() < 0.1 && { texts: { description: generateText(random) } }),
  }
}

function shownBy(chance: number): CatalogueItem['shown'] {
  if (chance < 0.97) return 'listed'
  return chance < 0.98 ? 'unlisted' : chance < 0.99 ? 'owner' : 'staff'
}

/** Accounts whose faves are known one by one: few, since a library counts more than its people can be asked about. */
function favers(random: () => number): number[] {
  return random() < 0.2 ? [1 + popular(random, ACCOUNTS)] : []
}

function generateNumbers(
  tags: number,
  moving: boolean,
  random: () => number,
): NonNullable<CatalogueItem['numbers']> {
  const upvotes = Math.floor(-Math.log(1 - random()) * 70 * random() * 2)
  const downvotes = Math.floor(-Math.log(1 - random()) * 0.02 * upvotes)
  const width = side(random)
  const height = side(random)
  const bytes = Math.floor(width * height * (0.2 + random()))
  return {
    width,
    height,
    pixels: width * height,
    size_bytes: bytes,
    original_size_bytes: bytes,
    aspect_ratio: width / height,
    duration_seconds: moving ? Math.floor(random() * 6000) / 100 : 0,
    score: upvotes - downvotes,
    upvotes,
    downvotes,
    faves: Math.floor(upvotes * random() * 0.6),
    hides: Math.floor(downvotes * random()),
    comment_count: Math.floor(-Math.log(1 - random()) * 3),
    tag_count: tags,
    wilson_score: wilson(upvotes, downvotes),
  }
}

function side(random: () => number): number {
  return random() < 0.6 ? (SIDES[whole(random, SIDES.length)] ?? 1000) : 200 + whole(random, 4000)
}

/** The lower bound that `wilson_score` is (z = 2.57583). */
function wilson(up: number, down: number): number {
  const votes = up + down
  if (votes === 0) return 0
  const z2 = 2.57583 ** 2
  const share = up / votes
  const spread = 2.57583 * Math.sqrt((share * (1 - share) + z2 / (4 * votes)) / votes)
  return (share + z2 / (2 * votes) - spread) / (1 + z2 / votes)
}

function generateText(random: () => number): string {
  return Array.from({ length: 3 + whole(random, 12) }, () => wordOf(popular(random, 3000))).join(' ')
}
