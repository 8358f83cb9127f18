import { rgbaToThumbHash } from 'thumbhash'
import { dominantColours } from './colours.ts'
import type { Analysis, Intensities } from './processed.ts'

/** A small picture of plain pixels: four bytes each, sides of at most `smallSide`, not premultiplied. */
export type SmallPicture = { width: number; height: number; rgba: Uint8Array }

/** Enough for all that is told from it (a thumbhash keeps seven waves, the hash 32 x 32), and quick. */
export const smallSide = 64

const hashSide = 32
const hashBits = 8

/** cos(pi/32 (x + 1/2) u) for the frequencies u that the hash keeps, row by row. */
const cosines = Array.from({ length: hashBits }, (_, index) =>
  Float64Array.from({ length: hashSide }, (_, x) => Math.cos((Math.PI / hashSide) * (x + 0.5) * (index + 1))),
)

export function analyse(picture: SmallPicture): Analysis {
  const luma = lumaOf(picture)
  return {
    colours: dominantColours(picture.rgba),
    placeholder: Buffer.from(rgbaToThumbHash(picture.width, picture.height, picture.rgba)).toString('base64'),
    intensities: intensitiesOf(luma),
    perceptualHash: perceptualHash(luma),
  }
}

type Luma = { width: number; height: number; values: Float64Array }

function lumaOf({ width, height, rgba }: SmallPicture): Luma {
  const values = new Float64Array(width * height)
  for (let index = 0; index < values.length; index++) {
    const at = index * 4
    const light = 0.2126 * (rgba[at] ?? 0) + 0.7152 * (rgba[at + 1] ?? 0) + 0.0722 * (rgba[at + 2] ?? 0)
    values[index] = 255 + ((light - 255) * (rgba[at + 3] ?? 0)) / 255
  }
  return { width, height, values }
}

/** The same picture at other sides: each new pixel is the mean of the area it covers, parts of pixels included. */
function resample({ width, height, values }: Luma, columns: number, rows: number): Float64Array {
  const narrow = new Float64Array(columns * height)
  for (let y = 0; y < height; y++) {
    const line = values.subarray(y * width, (y + 1) * width)
    narrow.set(means(line, columns), y * columns)
  }
  const result = new Float64Array(columns * rows)
  const column = new Float64Array(height)
  for (let x = 0; x < columns; x++) {
    for (let y = 0; y < height; y++) column[y] = narrow[y * columns + x] ?? 0
    const short = means(column, rows)
    for (let y = 0; y < rows; y++) result[y * columns + x] = short[y] ?? 0
  }
  return result
}

/** The means of equal stretches of a line of values. */
function means(line: Float64Array, stretches: number): Float64Array {
  const result = new Float64Array(stretches)
  const length = line.length / stretches
  for (let index = 0; index < stretches; index++) {
    const [from, to] = [index * length, Math.min(line.length, (index + 1) * length)]
    let sum = 0
    for (let at = Math.floor(from); at < to; at++) {
      sum += (line[at] ?? 0) * (Math.min(at + 1, to) - Math.max(at, from))
    }
    result[index] = sum / length
  }
  return result
}

function intensitiesOf(luma: Luma): Intensities {
  const [nw = 0, ne = 0, sw = 0, se = 0] = resample(luma, 2, 2).map((mean) => Math.round(mean * 100) / 100)
  return { nw, ne, sw, se }
}

/**
 * The signs of the 8 x 8 lowest frequencies (without the constant row and column) of the cosine transform of
 * 32 x 32 luma, against their median. Stored values depend on every step: changing one means hashing anew.
 */
function perceptualHash(luma: Luma): string {
  const pixels = resample(luma, hashSide, hashSide)
  const rows = cosines.map((cosine) =>
    Float64Array.from({ length: hashSide }, (_, y) =>
      dot(cosine, pixels.subarray(y * hashSide, (y + 1) * hashSide)),
    ),
  )
  // Rounded, so that a flat picture has zeros and not the noise of floating point.
  const found = cosines.flatMap((cosine) => rows.map((row) => Math.round(dot(cosine, row) * 1000) / 1000))
  const sorted = found.toSorted((a, b) => a - b)
  const median = ((sorted[31] ?? 0) + (sorted[32] ?? 0)) / 2
  const bits = found.map((value) => (value > median ? '1' : '0')).join('')
  return BigInt(`0b${bits}`).toString(16).padStart(16, '0')
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0)
  return sum
}
