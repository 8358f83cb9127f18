import { corrupt } from '../errors.ts'

/** A box of the ISO base media format inside a buffer; `start` to `end` is its content. */
export type Box = { type: string; start: number; end: number }

const maxBoxes = 10_000

/** The boxes that lie side by side in a part of a buffer. */
export function boxesIn(buffer: Buffer, from: number, to: number): Box[] {
  const boxes: Box[] = []
  for (let position = from; position < to;) {
    if (position + 8 > to || boxes.length >= maxBoxes) throw corrupt('the AVIF holds a damaged box')
    let size = buffer.readUInt32BE(position)
    let start = position + 8
    if (size === 1) {
      if (start + 8 > to) throw corrupt('the AVIF holds a damaged box')
      size = Number(buffer.readBigUInt64BE(start))
      start += 8
    } else if (size === 0) size = to - position
    const end = position + size
    if (end < start || end > to) throw corrupt('the AVIF holds a damaged box')
    boxes.push({ type: buffer.toString('latin1', position + 4, position + 8), start, end })
    position = end
  }
  return boxes
}

/** Reads numbers one after the other and refuses to leave its box. */
export class BoxReader {
  readonly #buffer: Buffer
  readonly #end: number
  position: number

  constructor(buffer: Buffer, { start, end }: Pick<Box, 'start' | 'end'>) {
    this.#buffer = buffer
    this.#end = end
    this.position = start
  }

  /** An unsigned number of 0, 1, 2, 3, 4 or 8 bytes. */
  uint(bytes: number): number {
    const at = this.position
    this.position += bytes
    if (this.position > this.#end) throw corrupt('the AVIF holds a damaged box')
    if (bytes === 8) return Number(this.#buffer.readBigUInt64BE(at))
    return bytes === 0 ? 0 : this.#buffer.readUIntBE(at, bytes)
  }

  /** Text up to a zero byte, which is stepped over, or to the end of the box. */
  text(): string {
    const zero = this.#buffer.subarray(0, this.#end).indexOf(0, this.position)
    const stop = zero === -1 ? this.#end : zero
    const text = this.#buffer.toString('latin1', this.position, stop)
    this.position = stop + 1
    return text
  }
}
