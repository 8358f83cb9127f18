import { open, type FileHandle } from 'node:fs/promises'

/** The most bytes that one `read` may ask for, and all of a file that is held at any moment. */
export const windowBytes = 256 * 1024

/** A run of bytes in a file. */
export type Span = { start: number; length: number }

export async function openBytes(path: string): Promise<ByteSource> {
  const handle = await open(path, 'r')
  try {
    const { size, mtimeMs } = await handle.stat()
    return new ByteSource(handle, { sizeBytes: size, modifiedMs: mtimeMs })
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** A copy of some spans of a file, one after the other. */
export async function readSpans(path: string, spans: readonly Span[]): Promise<Buffer> {
  const source = await openBytes(path)
  try {
    return await source.copy(spans)
  } finally {
    await source.close()
  }
}

/** What a file system tells about a file, by which its bytes are taken for the same later. */
export type FileState = { sizeBytes: number; modifiedMs: number }

/** A file read through one window of 256 KiB, so that a walk over it costs little memory whatever its size. */
export class ByteSource {
  readonly state: FileState
  readonly sizeBytes: number
  readonly #handle: FileHandle
  readonly #window: Buffer
  #start = 0
  #filled = 0

  constructor(handle: FileHandle, state: FileState) {
    this.#handle = handle
    this.state = state
    this.sizeBytes = state.sizeBytes
    this.#window = Buffer.allocUnsafe(Math.min(windowBytes, state.sizeBytes))
  }

  /** The bytes if the window holds all of them. A view, good until the next read. */
  cached(position: number, length: number): Buffer | null {
    const from = position - this.#start
    return from >= 0 && from + length <= this.#filled ? this.#window.subarray(from, from + length) : null
  }

  /** Up to `length` bytes (at most a window); fewer only at the end of the file. A view, good until the next read. */
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
      const part = Buffer.allocUnsafe(length)
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
    while (this.#filled < this.#window.length) {
      const left = this.#window.length - this.#filled
      const { bytesRead } = await this.#handle.read(this.#window, this.#filled, left, position + this.#filled)
      if (bytesRead === 0) return
      this.#filled += bytesRead
    }
  }
}
