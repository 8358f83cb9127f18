import type { Colour } from './processed.ts'

const maxColours = 8
const rounds = 4
/** Four bits of each channel. */
const binCount = 4_096
/** Colours nearer than this in Oklab look the same in a palette of eight. */
const sameColour = 0.05
const smallestShare = 0.005

type Rgb = [red: number, green: number, blue: number]
type Lab = [lightness: number, a: number, b: number]
/** Pixels of nearly one colour, and the colour in both systems. */
type Cluster = { count: number; rgb: Rgb; lab: Lab }

/**
 * The colours that a picture is made of: its visible pixels are counted in 4,096 bins and gathered around up to
 * eight centres in Oklab, where distance is what the eye sees. The same pixels give the same answer.
 *
 * @param rgba Four bytes per pixel, not premultiplied.
 * @returns Most frequent first, shares rounded to four places and adding up to 1; none if no pixel is visible.
 */
export function dominantColours(rgba: Uint8Array): Colour[] {
  const bins = countBins(rgba)
  let clusters = seed(bins)
  for (let round = 0; round < rounds; round++) clusters = gather(bins, clusters)
  const merged = mergeAlike(clusters)
  const all = merged.reduce((sum, { count }) => sum + count, 0)
  const kept = merged
    .filter(({ count }) => count >= all * smallestShare)
    .toSorted((a, b) => b.count - a.count)

  const total = kept.reduce((sum, { count }) => sum + count, 0)
  const shares = kept.map(({ count }) => Math.round((count / total) * 10_000))
  const missing = 10_000 - shares.reduce((sum, share) => sum + share, 0)
  return kept.map(({ rgb }, index) => ({
    hex: `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`,
    share: ((shares[index] ?? 0) + (index === 0 ? missing : 0)) / 10_000,
  }))
}

function countBins(rgba: Uint8Array): Cluster[] {
  const counts = new Uint32Array(binCount)
  const sums = new Uint32Array(binCount * 3)
  for (let at = 0; at + 3 < rgba.length; at += 4) {
    if ((rgba[at + 3] ?? 0) < 128) continue
    const red = rgba[at] ?? 0
    const green = rgba[at + 1] ?? 0
    const blue = rgba[at + 2] ?? 0
    const bin = ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4)
    counts[bin] = (counts[bin] ?? 0) + 1
    sums[bin * 3] = (sums[bin * 3] ?? 0) + red
    sums[bin * 3 + 1] = (sums[bin * 3 + 1] ?? 0) + green
    sums[bin * 3 + 2] = (sums[bin * 3 + 2] ?? 0) + blue
  }
  const bins: Cluster[] = []
  for (const [bin, count] of counts.entries()) {
    if (count === 0) continue
    const at = bin * 3
    bins.push(cluster(count, [sums[at] ?? 0, sums[at + 1] ?? 0, sums[at + 2] ?? 0]))
  }
  return bins
}

function cluster(count: number, sum: Rgb): Cluster {
  const rgb: Rgb = [sum[0] / count, sum[1] / count, sum[2] / count]
  return { count, rgb, lab: toLab(rgb) }
}

/** Starts with the most frequent colour; each further one is frequent and far from those before it. */
function seed(bins: readonly Cluster[]): Cluster[] {
  const seeds: Cluster[] = []
  const distances = bins.map(() => 1)
  while (seeds.length < maxColours) {
    let best: Cluster | null = null
    let bestScore = 0
    for (let index = 0; index < bins.length; index++) {
      const bin = bins[index]
      const score = bin ? Math.sqrt(bin.count) * (distances[index] ?? 0) : 0
      if (!bin || score <= bestScore) continue
      best = bin
      bestScore = score
    }
    if (!best) break
    for (let index = 0; index < bins.length; index++) {
      const away = distance(bins[index]?.lab ?? best.lab, best.lab)
      distances[index] = seeds.length === 0 ? away : Math.min(distances[index] ?? 0, away)
    }
    seeds.push(best)
  }
  return seeds
}

/** One round of k-means: every bin goes to the nearest centre, every centre to the middle of its bins. */
function gather(bins: readonly Cluster[], centres: readonly Cluster[]): Cluster[] {
  const groups = centres.map((): Cluster[] => [])
  for (const bin of bins) groups[nearest(bin, centres)]?.push(bin)
  return groups.filter((group) => group.length > 0).map(join)
}

function nearest(bin: Cluster, centres: readonly Cluster[]): number {
  let found = 0
  let least = Number.MAX_VALUE
  for (let index = 0; index < centres.length; index++) {
    const away = distance(bin.lab, centres[index]?.lab ?? bin.lab)
    if (away >= least) continue
    found = index
    least = away
  }
  return found
}

function mergeAlike(clusters: readonly Cluster[]): Cluster[] {
  const merged: Cluster[] = []
  for (const next of clusters.toSorted((a, b) => b.count - a.count)) {
    const index = merged.findIndex(({ lab }) => distance(lab, next.lab) < sameColour ** 2)
    const like = merged[index]
    if (like) merged[index] = join([like, next])
    else merged.push(next)
  }
  return merged
}

function join(group: readonly Cluster[]): Cluster {
  const sum: Rgb = [0, 0, 0]
  let count = 0
  for (const member of group) {
    count += member.count
    sum[0] += member.rgb[0] * member.count
    sum[1] += member.rgb[1] * member.count
    sum[2] += member.rgb[2] * member.count
  }
  return cluster(count, sum)
}

/** Squared. */
function distance(a: Lab, b: Lab): number {
  return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2
}

/** sRGB (0 to 255) to Oklab, after Björn Ottosson, "A perceptual color space for image processing". */
function toLab(rgb: Rgb): Lab {
  const [red, green, blue] = [linear(rgb[0]), linear(rgb[1]), linear(rgb[2])]
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

/** sRGB value (0 to 255) to linear light (0 to 1). */
function linear(value: number): number {
  const part = value / 255
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
}
