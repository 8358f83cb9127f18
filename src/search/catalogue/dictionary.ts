/** Between values; no byte of UTF-8 has this value. */
const END = 0xff

/** Lengths from here on are not told apart. */
const LONGEST = 255

/** More bytes than this are searched natively. */
const LONG = 2 ** 23

/**
 * Texts, numbered in the order they came, packed one after the other: millions of different values (addresses, hashes)
 * take little more room than their letters, and one native search over the bytes finds all that contain a text.
 */
export class Dictionary {
  count = 0
  bytes: Buffer = Buffer.alloc(64, END)
  /** Bytes used; the first is an {@link END}, as is the one after each value. */
  used = 1
  /** Where each value starts. */
  starts: Uint32Array = new Uint32Array(8)
  /** Which letters each value has, hashed to 31 bits, and how many (code points): for near misses. */
  letters: Int32Array = new Int32Array(8)
  lengths: Uint8Array = new Uint8Array(8)
  /** Open addressing; value number plus 1, 0 for a free place. */
  #table = new Uint32Array(16)

  /** The number of a value, or -1. */
  find(text: string): number {
    const value = Buffer.from(text)
    const place = this.#place(value)
    return (this.#table[place] ?? 0) - 1
  }

  /** The number of a value, a new one if it has none. */
  add(text: string): number {
    const value = Buffer.from(text)
    const place = this.#place(value)
    const found = this.#table[place] ?? 0
    if (found !== 0) return found - 1

    const number = this.count
    this.#makeRoom(value.length + 1)
    value.copy(this.bytes, this.used)
    this.bytes[this.used + value.length] = END
    this.starts[number] = this.used
    const { mask, length } = outline(text)
    this.letters[number] = mask
    this.lengths[number] = length
    this.used += value.length + 1
    this.count += 1
    this.#table[place] = number + 1
    if (this.count * 3 > this.#table.length * 2) this.#rehash(this.#table.length * 2)
    return number
  }

  text(number: number): string {
    return this.bytes.toString('utf8', this.starts[number] ?? 0, this.#end(number))
  }

  /**
   * Calls `visit` for every value that has this text at its start, at its end or anywhere, in the order of numbers,
   * until it returns false.
   */
  containing(text: string, where: 'start' | 'end' | 'anywhere', visit: (value: number) => boolean): void {
    if (where === 'anywhere' && this.used > LONG) {
      this.#searchBytes(Buffer.from(text), visit)
      return
    }
    const wanted = Buffer.from(text)
    const { mask } = outline(text)
    const { letters, count } = this
    for (let number = 0; number < count; number += 1) {
      if (((letters[number] ?? 0) & mask) !== mask) continue
      const start = this.starts[number] ?? 0
      const latest = this.#end(number) - wanted.length
      const found =
        where === 'anywhere'
          ? isBetween(this.bytes, wanted, start, latest)
          : latest >= start && isAt(this.bytes, wanted, where === 'start' ? start : latest)
      if (found && !visit(number)) return
    }
  }

  /** One native search over everything: for values so long that nearly all have nearly all letters. */
  #searchBytes(wanted: Buffer, visit: (value: number) => boolean): void {
    const haystack = this.bytes.subarray(0, this.used)
    let number = 0
    let at = haystack.indexOf(wanted)
    while (at !== -1) {
      number = this.#numberAt(at, number)
      if (!visit(number)) return
      at = haystack.indexOf(wanted, this.#end(number))
    }
  }

  /** Numbers of values that may be within `edits` of this text: all that are, and some that are not. */
  candidates(text: string, edits: number): number[] {
    const wanted = outline(text)
    const found: number[] = []
    for (let number = 0; number < this.count; number += 1) {
      const length = this.lengths[number] ?? 0
      if (Math.abs(length - wanted.length) > edits && length < LONGEST) continue
      let different = (this.letters[number] ?? 0) ^ wanted.mask
      // An edit takes a letter out, brings one in, or both.
      let left = 2 * edits
      while (different !== 0 && left >= 0) {
        different &= different - 1
        left -= 1
      }
      if (left >= 0) found.push(number)
    }
    return found
  }

  /** Gives back the room kept for more values. */
  trim(): void {
    this.bytes = Buffer.from(this.bytes.subarray(0, this.used))
    this.starts = this.starts.slice(0, this.count)
    this.letters = this.letters.slice(0, this.count)
    this.lengths = this.lengths.slice(0, this.count)
  }

  /** Makes the table for values that were put into the arrays directly. */
  rebuild(): void {
    let size = 16
    while (this.count * 3 > size * 2) size *= 2
    this.#rehash(size)
  }

  #end(number: number): number {
    return (number + 1 < this.count ? (this.starts[number + 1] ?? 0) : this.used) - 1
  }

  /** The value that the byte at `at` belongs to, which is not before the value `from`. */
  #numberAt(at: number, from: number): number {
    let low = from
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#end(middle) < at) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Where the table holds this value, or would. */
  #place(value: Buffer): number {
    const mask = this.#table.length - 1
    let place = hash(value, 0, value.length) & mask
    for (;;) {
      const found = this.#table[place] ?? 0
      if (found === 0) return place
      const start = this.starts[found - 1] ?? 0
      const end = this.#end(found - 1)
      if (end - start === value.length && value.compare(this.bytes, start, end) === 0) return place
      place = (place + 1) & mask
    }
  }

  #rehash(size: number): void {
    this.#table = new Uint32Array(size)
    for (let number = 0; number < this.count; number += 1) {
      let place = hash(this.bytes, this.starts[number] ?? 0, this.#end(number)) & (size - 1)
      while (this.#table[place] !== 0) place = (place + 1) & (size - 1)
      this.#table[place] = number + 1
    }
  }

  #makeRoom(bytes: number): void {
    if (this.used + bytes > this.bytes.length) {
      const grown = Buffer.alloc(Math.max(this.used + bytes, Math.ceil(this.bytes.length * 1.5)))
      this.bytes.copy(grown, 0, 0, this.used)
      this.bytes = grown
    }
    if (this.count === this.starts.length) {
      const room = Math.max(8, Math.ceil(this.count * 1.5))
      const starts = new Uint32Array(room)
      starts.set(this.starts)
      this.starts = starts
      const letters = new Int32Array(room)
      letters.set(this.letters)
      this.letters = letters
      const lengths = new Uint8Array(room)
      lengths.set(this.lengths)
      this.lengths = lengths
    }
  }
}

function isBetween(bytes: Buffer, wanted: Buffer, earliest: number, latest: number): boolean {
  for (let at = earliest; at <= latest; at += 1) if (isAt(bytes, wanted, at)) return true
  return false
}

function isAt(bytes: Buffer, wanted: Buffer, at: number): boolean {
  for (let index = 0; index < wanted.length; index += 1) if (bytes[at + index] !== wanted[index]) return false
  return true
}

/** FNV-1a, 32 bits. */
function hash(bytes: Buffer, from: number, to: number): number {
  let value = 0x811c9dc5
  for (let at = from; at < to; at += 1) value = Math.imul(value ^ (bytes[at] ?? 0), 0x01000193)
  return (value ^ (value >>> 15)) >>> 0
}

function outline(text: string): { mask: number; length: number } {
  let mask = 0
  let length = 0
  for (const letter of text) {
    mask |= 1 << ((letter.codePointAt(0) ?? 0) % 31)
    length += 1
  }
  return { mask, length: Math.min(length, LONGEST) }
}
