import { open, type FileHandle } from 'node:fs/promises'

/** The most bytes that one `read` may ask for, and all of a file that is held at any moment. */
export const windowBytes = 64 * 1024

/** A run of bytes in a file. */
export type Span = { start: number; length: number }

export async function openBytes(path: string): Promise<ByteSource> {
  const handle = await open(path, 'r')
  try {
    return new ByteSource(handle, (await handle.stat()).size)
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** A file read through one window of 64 KiB, so that a walk over it costs the same memory whatever its size. */
export class ByteSource {
  readonly sizeBytes: number
  readonly #handle: FileHandle
  readonly #window = Buffer.allocUnsafe(windowBytes)
  #start = 0
  #filled = 0

  constructor(handle: FileHandle, sizeBytes: number) {
    this.#handle = handle
    this.sizeBytes = sizeBytes
  }

  /** The bytes if the window holds all of them. A view, good until the next read. */
  cached(position: number, length: number): Buffer | null {
    const from = position - this.#start
    return from >= 0 && from + length <= this.#filled ? this.#window.subarray(from, from + length) : null
  }

  /** Up to `length` bytes (at most 64 KiB); fewer only at the end of the file. A view, good until the next read. */
  async read(position: number, length: number): Promise<Buffer> {
    const wanted = Math.max(0, Math.min(length, this.sizeBytes - position))
    const held = this.cached(position, wanted)
    if (held) return held
    await this.#fill(position)
    return this.#window.subarray(0, Math.min(wanted, this.#filled))
  }

  /** What the window holds from `position` on, at least two bytes unless the file ends there. */
  async run(position: number): Promise<Buffer> {
    if (!this.cached(position, 2)) await this.#fill(position)
    return this.#window.subarray(position - this.#start, this.#filled)
  }

  /** A copy of some spans, one after the other; the caller has bounded their lengths. */
  async copy(spans: readonly Span[]): Promise<Buffer> {
    const parts: Buffer[] = []
    for (const { start, length } of spans) {
      const part = Buffer.alloc(length)
      let done = 0
      while (done < length) {
        const { bytesRead } = await this.#handle.read(part, done, length - done, start + done)
        if (bytesRead === 0) break
        done += bytesRead
      }
      parts.push(part.subarray(0, done))
    }
    return Buffer.concat(parts)
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  async #fill(position: number): Promise<void> {
    this.#start = position
    this.#filled = 0
    while (this.#filled < windowBytes) {
      const left = windowBytes - this.#filled
      const { bytesRead } = await this.#handle.read(this.#window, this.#filled, left, position + this.#filled)
      if (bytesRead === 0) return
      this.#filled += bytesRead
    }
  }
}
