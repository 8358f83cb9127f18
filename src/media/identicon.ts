import { createHash } from 'node:crypto'
import { crc32, deflateSync } from 'node:zlib'

const cells = 5
/** Of the side; the pattern needs air around it when it is shown in a circle. */
const margin = 0.14
/** Samples along each side of a pixel, for smooth edges. */
const samples = 4
const shades = samples * samples

/** Whether a point of a cell (0 to 1 in both directions) belongs to the shape. */
type Shape = (x: number, y: number) => boolean
type Cell = { shape: Shape; isAccent: boolean }
type Rgb = [red: number, green: number, blue: number]

const shapes: Shape[] = [
  () => false,
  () => false,
  () => true,
  (x, y) => (x - 0.5) ** 2 + (y - 0.5) ** 2 <= 0.25,
  // A leaf: rounded at two opposite corners.
  (x, y) => (x + y < 1 ? (x - 1) ** 2 + (y - 1) ** 2 <= 1 : x ** 2 + y ** 2 <= 1),
  (x, y) => x ** 2 + y ** 2 <= 1,
  (x, y) => (x - 1) ** 2 + y ** 2 <= 1,
]

/**
 * Draws the picture an account has before it chooses one: a mirrored pattern in two colours on a light ground.
 *
 * @param seed Equal seeds give equal bytes.
 * @param sizePixels Side, 16 to 1024.
 * @returns A PNG with a palette.
 */
export function drawIdenticon(seed: string, sizePixels: number): Buffer {
  if (!Number.isInteger(sizePixels) || sizePixels < 16 || sizePixels > 1024) {
    throw new RangeError('the side must be a whole number from 16 to 1024')
  }
  const digest = createHash('sha256').update(seed, 'utf8').digest()
  const pattern = readPattern(digest)
  // Every line begins with its filter: none.
  const lines = Buffer.alloc((sizePixels + 1) * sizePixels)
  for (let y = 0; y < sizePixels; y++) {
    for (let x = 0; x < sizePixels; x++)
      lines[y * (sizePixels + 1) + 1 + x] = shadeAt(pattern, x, y, sizePixels)
  }
  return encodePalettePng(sizePixels, paletteOf(digest), lines)
}

/** The left columns and the middle one, row by row; the right ones mirror the left. */
function readPattern(digest: Buffer): Cell[] {
  const own = Math.ceil(cells / 2)
  return Array.from({ length: cells * own }, (_, index) => {
    const byte = digest[index] ?? 0
    const shape = shapes[byte % shapes.length] ?? (() => false)
    return { shape, isAccent: byte >= 176 }
  })
}

/** Index into the palette: 0 is the ground, then the shades of the main colour, then those of the accent. */
function shadeAt(pattern: readonly Cell[], x: number, y: number, sizePixels: number): number {
  let main = 0
  let accent = 0
  for (let sample = 0; sample < shades; sample++) {
    const across = (x + ((sample % samples) + 0.5) / samples) / sizePixels
    const down = (y + (Math.floor(sample / samples) + 0.5) / samples) / sizePixels
    const cell = cellAt(pattern, across, down)
    if (cell === 'accent') accent += 1
    else if (cell === 'main') main += 1
  }
  if (main + accent === 0) return 0
  return main + accent + (accent > main ? shades : 0)
}

function cellAt(pattern: readonly Cell[], across: number, down: number): 'main' | 'accent' | null {
  const half = Math.abs(across - 0.5)
  const x = cells / 2 - (half * cells) / (1 - 2 * margin)
  const y = ((down - margin) * cells) / (1 - 2 * margin)
  if (x < 0 || y < 0 || y >= cells) return null
  const cell = pattern[Math.floor(y) * Math.ceil(cells / 2) + Math.floor(x)]
  if (!cell?.shape(x % 1, y % 1)) return null
  return cell.isAccent ? 'accent' : 'main'
}

function paletteOf(digest: Buffer): Rgb[] {
  const hue = (((digest[30] ?? 0) << 8) | (digest[31] ?? 0)) % 360
  const turn = 30 + ((digest[29] ?? 0) % 60)
  const ground = fromHsl(hue, 0.4, 0.93)
  const mixed = (colour: Rgb) =>
    Array.from({ length: shades }, (_, index) => mix(ground, colour, (index + 1) / shades))
  return [ground, ...mixed(fromHsl(hue, 0.55, 0.48)), ...mixed(fromHsl(hue + turn, 0.6, 0.62))]
}

function mix(from: Rgb, to: Rgb, part: number): Rgb {
  const at = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * part)
  return [at(0), at(1), at(2)]
}

/** CSS Color 4, "HSL to RGB"; hue in degrees. */
function fromHsl(hue: number, saturation: number, lightness: number): Rgb {
  const channel = (offset: number) => {
    const k = (offset + hue / 30) % 12
    const depth = saturation * Math.min(lightness, 1 - lightness)
    return Math.round(255 * (lightness - depth * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
  }
  return [channel(0), channel(8), channel(4)]
}

function encodePalettePng(sizePixels: number, palette: readonly Rgb[], lines: Buffer): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(sizePixels, 0)
  header.writeUInt32BE(sizePixels, 4)
  header.set([8, 3], 8) // Eight bits per pixel, colour type "palette".
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(content.length, 0)
  frame.writeUInt32BE(crc32(named), 4)
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)])
}
