import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { samplePicture } from '../helpers/pictures.ts'

export interface DistinctPicture {
  width: number
  height: number
  bytes: Buffer
  sha256: string
}

const SIDES = [
  [400, 300],
  [800, 600],
] as const
const drawn = new Map<string, Promise<Buffer>>()

/**
 * The n-th picture of a series: none has the bytes of another. A few are the same to the eye, so that what is made
 * of them is shared between items.
 */
export async function distinctPicture(n: number): Promise<DistinctPicture> {
  const [width, height] = SIDES[n % 2 === 0 ? 0 : 1]
  const seed = n % 12
  const key = `${width} ${seed}`
  const picture = drawn.get(key) ?? samplePicture({ width, height, seed })
  drawn.set(key, picture)
  const bytes = withComment(await picture, `picture ${n}`)
  return { width, height, bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** Puts a text chunk before the last chunk of a PNG, which has 12 bytes. */
function withComment(png: Buffer, text: string): Buffer {
  const content = Buffer.from(`tEXtComment\0${text}`, 'latin1')
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length - 4)
  check.writeUInt32BE(crc32(content))
  return Buffer.concat([png.subarray(0, -12), length, content, check, png.subarray(-12)])
}
