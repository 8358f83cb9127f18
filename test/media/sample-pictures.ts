import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'

export const hostileDir = join(import.meta.dirname, '..', 'data', 'hostile')

/** A temporary folder that goes with the scope it is made in. */
export async function makeFolder(): Promise<{ path: string; names(): Promise<string[]> } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'vitrine-media-'))
  return {
    path,
    names: () => readdir(path),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}

export type Rgb = [number, number, number]
export const red: Rgb = [220, 30, 30]
export const green: Rgb = [30, 160, 60]
export const blue: Rgb = [40, 60, 200]
export const yellow: Rgb = [240, 210, 40]

/** Pixels of four plain quadrants: red, green / blue, yellow. */
export function quadrants(width: number, height: number): Buffer {
  const pixels = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const row = y * 2 < height ? [red, green] : [blue, yellow]
      pixels.set((x * 2 < width ? row[0] : row[1]) ?? red, (y * width + x) * 3)
    }
  }
  return pixels
}

export function picture(width: number, height: number, pixels = quadrants(width, height)): Sharp {
  return sharp(pixels, { raw: { width, height, channels: 3 } })
}

/** An animation of plain frames in the given colours, from top to bottom in one strip of pixels. */
export function animation(width: number, height: number, colours: readonly Rgb[]): Sharp {
  const frames = colours.map((colour) => Buffer.alloc(width * height * 3, Buffer.from(colour)))
  const raw = { width, height: height * frames.length, channels: 3 as const, pageHeight: height }
  return sharp(Buffer.concat(frames), { raw })
}

export function pngChunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(content.length, 0)
  frame.writeUInt32BE(crc32(named), 4)
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)])
}

export type PngHeader = {
  width: number
  height: number
  bitDepth?: number
  colourType?: number
  interlace?: number
}

export function pngHeader({ width, height, bitDepth = 8, colourType = 2, interlace = 0 }: PngHeader): Buffer {
  const content = Buffer.alloc(13)
  content.writeUInt32BE(width, 0)
  content.writeUInt32BE(height, 4)
  content.set([bitDepth, colourType, 0, 0, interlace], 8)
  return pngChunk('IHDR', content)
}

/** A PNG of these chunks, without a check that they make sense. */
export function pngOf(...chunks: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks])
}

export const pngEnd: Buffer = pngChunk('IEND', Buffer.alloc(0))

/** GIF of frames of one dark red pixel each. */
export function gifOf(canvas: [number, number], frames: readonly { left: number; top: number }[]): Buffer {
  const head = Buffer.from('GIF89a\0\0\0\0\x80\0\0\xc8\x0a\x0a\xff\xff\xff', 'latin1')
  head.writeUInt16LE(canvas[0], 6)
  head.writeUInt16LE(canvas[1], 8)
  const blocks = frames.map(({ left, top }) => {
    const block = Buffer.from('\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0', 'latin1')
    block.writeUInt16LE(left, 1)
    block.writeUInt16LE(top, 3)
    return block
  })
  return Buffer.concat([head, ...blocks, Buffer.from([0x3b])])
}

export async function pixelsOf(path: string): Promise<Buffer> {
  return await sharp(path).removeAlpha().raw().toBuffer()
}

/** Mean difference per channel. */
export function difference(a: Buffer, b: Buffer): number {
  assert.equal(a.length, b.length)
  let sum = 0
  for (const [index, value] of a.entries()) sum += Math.abs(value - (b[index] ?? 0))
  return sum / a.length
}

/** Where a stored pixel is shown (EXIF 2.32, "Orientation"), for a stored picture of the given sides. */
function shownAt(orientation: number, x: number, y: number, width: number, height: number): [number, number] {
  const [across, down] = [width - 1 - x, height - 1 - y]
  const turned: [number, number][] = [
    [x, y],
    [across, y],
    [across, down],
    [x, down],
    [y, x],
    [down, x],
    [down, across],
    [y, across],
  ]
  return turned[orientation - 1] ?? [x, y]
}

/** The picture that an orientation turns into the upright one. */
export function asStored(orientation: number, width: number, height: number, upright: Buffer) {
  const stored = orientation < 5 ? { width, height } : { width: height, height: width }
  const pixels = Buffer.alloc(upright.length)
  for (let y = 0; y < stored.height; y++) {
    for (let x = 0; x < stored.width; x++) {
      const [left, top] = shownAt(orientation, x, y, stored.width, stored.height)
      upright.copy(pixels, (y * stored.width + x) * 3, (top * width + left) * 3, (top * width + left) * 3 + 3)
    }
  }
  return { ...stored, pixels }
}
