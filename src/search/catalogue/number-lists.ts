/** Bytes in one piece of the store; no list may need more. */
const CHUNK_BITS = 24
const CHUNK = 2 ** CHUNK_BITS
const FIRST_CHUNK = 2 ** 12
/** A number takes at most so many bytes. */
const WIDEST = 5

/**
 * A list of whole numbers (below 2^32) for every position, packed: seven bits to a byte, ascending lists as the steps
 * between neighbours.
 */
export class NumberLists {
  /** Where each position's list starts; 0 for an empty one. */
  starts: Uint32Array = new Uint32Array(0)
  chunks: Uint8Array[] = []
  /** Bytes used, in all chunks, and how many of them nothing points at any more. */
  used = 1
  wasted = 0
  readonly #ascending: boolean

  constructor({ ascending }: { ascending: boolean }) {
    this.#ascending = ascending
  }

  get(position: number): number[] {
    const start = this.starts[position] ?? 0
    if (start === 0) return []
    const bytes = this.#chunkOf(start)
    const out: number[] = []
    read(bytes, start % CHUNK, this.#ascending, out)
    return out
  }

  set(position: number, numbers: readonly number[]): void {
    const start = this.starts[position] ?? 0
    if (start !== 0) this.wasted += this.#bytesAt(start)
    if (numbers.length === 0) {
      if (position < this.starts.length) this.starts[position] = 0
      return
    }
    this.#growStarts(position)
    this.starts[position] = this.#append(numbers)
    if (this.wasted > CHUNK / 4 && this.wasted > this.used / 2) this.#compact()
  }

  /** See `PostingSet.shift`. */
  shift(from: number, by: number): void {
    if (from >= this.starts.length) return
    const moved = new Uint32Array(this.starts.length + by)
    moved.set(this.starts.subarray(0, from))
    moved.set(this.starts.subarray(from), from + by)
    this.starts = moved
  }

  trim(positions: number): void {
    if (this.starts.length > positions) this.starts = this.starts.slice(0, positions)
    const last = Math.floor(this.used / CHUNK)
    const chunk = this.chunks[last]
    if (chunk && chunk.length > this.used % CHUNK) this.chunks[last] = chunk.slice(0, this.used % CHUNK)
  }

  /** All bytes in use, every chunk but the last filled up to its full length. */
  wholeChunks(): Uint8Array[] {
    return this.chunks.map((chunk, index) => {
      const length = Math.min(CHUNK, this.used - index * CHUNK)
      if (chunk.length >= length) return chunk.subarray(0, length)
      const whole = new Uint8Array(length)
      whole.set(chunk)
      return whole
    })
  }

  /** Takes back what {@link wholeChunks} gave, put together. */
  useBytes(bytes: Uint8Array): void {
    this.chunks = []
    for (let at = 0; at < bytes.length; at += CHUNK) this.chunks.push(bytes.subarray(at, at + CHUNK))
  }

  #append(numbers: readonly number[]): number {
    const needed = (numbers.length + 1) * WIDEST
    if (needed > CHUNK) throw new RangeError('too many values on one item')
    if ((this.used % CHUNK) + needed > CHUNK) this.used = Math.ceil(this.used / CHUNK) * CHUNK
    const start = this.used
    const index = Math.floor(start / CHUNK)
    const chunk = this.#chunkWithRoom(index, (start % CHUNK) + needed)
    const end = write(chunk, start % CHUNK, this.#ascending, numbers)
    this.used = index * CHUNK + end
    return start
  }

  #chunkWithRoom(index: number, bytes: number): Uint8Array {
    const chunk = this.chunks[index]
    if (chunk && chunk.length >= bytes) return chunk
    const grown = new Uint8Array(Math.min(CHUNK, Math.max(index === 0 ? FIRST_CHUNK : CHUNK, bytes * 2)))
    if (chunk) grown.set(chunk)
    this.chunks[index] = grown
    return grown
  }

  #chunkOf(start: number): Uint8Array {
    return this.chunks[Math.floor(start / CHUNK)] ?? new Uint8Array(1)
  }

  #bytesAt(start: number): number {
    return read(this.#chunkOf(start), start % CHUNK, this.#ascending, null) - (start % CHUNK)
  }

  #growStarts(position: number): void {
    if (position < this.starts.length) return
    const grown = new Uint32Array(Math.max(position + 1, Math.ceil(this.starts.length * 1.25), 64))
    grown.set(this.starts)
    this.starts = grown
  }

  #compact(): void {
    const old = new NumberLists({ ascending: this.#ascending })
    old.starts = this.starts
    old.chunks = this.chunks
    this.starts = new Uint32Array(old.starts.length)
    this.chunks = []
    this.used = 1
    this.wasted = 0
    for (let position = 0; position < old.starts.length; position += 1) {
      if (old.starts[position] !== 0) this.starts[position] = this.#append(old.get(position))
    }
  }
}

/** Writes a list with its length before it; returns where it ends. */
function write(bytes: Uint8Array, at: number, ascending: boolean, numbers: readonly number[]): number {
  let end = writeNumber(bytes, at, numbers.length)
  let last = 0
  for (const number of numbers) {
    end = writeNumber(bytes, end, ascending ? number - last : number)
    last = number
  }
  return end
}

function writeNumber(bytes: Uint8Array, at: number, number: number): number {
  let rest = number
  let end = at
  while (rest > 127) {
    bytes[end] = (rest & 127) | 128
    rest >>>= 7
    end += 1
  }
  bytes[end] = rest
  return end + 1
}

/** Reads a list into `out`, if it is wanted; returns where it ends. */
function read(bytes: Uint8Array, at: number, ascending: boolean, out: number[] | null): number {
  let end = at
  let last = 0
  let left = -1
  do {
    let number = 0
    let bits = 0
    let byte = 128
    while (byte > 127) {
      byte = bytes[end] ?? 0
      number = (number | ((byte & 127) << bits)) >>> 0
      bits += 7
      end += 1
    }
    if (left === -1) {
      left = number
    } else {
      last = ascending ? last + number : number
      out?.push(last)
      left -= 1
    }
  } while (left > 0)
  return end
}
