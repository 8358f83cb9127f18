import { randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Decoder, type DecoderOptions } from './decoder.ts'
import { MediaFailure } from './errors.ts'
import type { JudgedPicture } from './facts.ts'
import type { PictureJob } from './process-picture.ts'
import type { ProcessedPicture, RenditionSpec } from './processed.ts'

export type MediaOptions = {
  /** The file of the child process: `dist/media-worker.js`, or `worker.ts` with `execArgv` that can run it. */
  workerPath: string
  /** Child processes at most; 2, and no more than the machine has cores. */
  processes?: number
  /** For one picture; 30 seconds. */
  timeoutMs?: number
  /** For one child process; 1.5 GiB, and at least 256 MiB, below which sound pictures fail. Held on Linux only. */
  memoryBytes?: number
  /** After this long without work a child process ends; 30 seconds. */
  idleMs?: number
  /** Jobs that may wait; 100. */
  queueLimit?: number
  execArgv?: readonly string[]
}

export type PictureRequest = {
  path: string
  /** What `examinePicture` said of this file; without it the child examines the file itself. */
  judged?: JudgedPicture
  /** A folder that exists. Files written there have names of their own and belong to the caller. */
  outputDir: string
  renditions: readonly RenditionSpec[]
}

/** Decoding, away from everything that matters: in child processes with limits of time and memory. */
export type Media = {
  /**
   * Makes the renditions of a picture and reads what its pixels tell.
   *
   * @throws MediaError if the picture is refused, damaged or too costly; MediaFailure if its child process
   *   crashed, a file could not be read or written, too many jobs wait or the pool is closed. Then no file is left.
   */
  processPicture(request: PictureRequest): Promise<ProcessedPicture>
  /** Ends every child process, in the middle of its work if need be, and waits until all are gone. */
  close(): Promise<void>
}

type Pending = {
  job: PictureJob
  resolve: (picture: ProcessedPicture) => void
  reject: (error: unknown) => void
}
type PoolLimits = { processes: number; idleMs: number; queueLimit: number }

const namePattern = /^[A-Za-z0-9_-]{1,64}$/
const largestBox = 16_384
const leastMemoryBytes = 256 * 1024 ** 2

/** Nothing is started before the first picture comes. */
export function openMedia(options: MediaOptions): Media {
  const { workerPath, execArgv = [], timeoutMs = 30_000 } = options
  const memoryBytes = Math.max(leastMemoryBytes, options.memoryBytes ?? 1.5 * 1024 ** 3)
  const { processes = 2, idleMs = 30_000, queueLimit = 100 } = options
  const limits = { processes: Math.min(processes, availableParallelism()), idleMs, queueLimit }
  return new Pool({ workerPath, execArgv, timeoutMs, memoryBytes }, limits)
}

function checkSpecs(renditions: readonly RenditionSpec[]): RenditionSpec[] {
  const names = new Set(renditions.map(({ name }) => name))
  const isSide = (side: number) => Number.isInteger(side) && side >= 1 && side <= largestBox
  const sound = renditions.every(
    ({ name, width, height }) => namePattern.test(name) && isSide(width) && isSide(height),
  )
  if (!sound || names.size !== renditions.length)
    throw new RangeError('renditions need distinct plain names and sides')
  return [...renditions]
}

class Pool implements Media {
  readonly #options: DecoderOptions
  readonly #limits: PoolLimits
  readonly #queue: Pending[] = []
  readonly #decoders = new Map<Decoder, 'busy' | NodeJS.Timeout>()
  readonly #running = new Set<Promise<void>>()
  #isClosed = false

  constructor(options: DecoderOptions, limits: PoolLimits) {
    this.#options = options
    this.#limits = limits
  }

  async processPicture(request: PictureRequest): Promise<ProcessedPicture> {
    const { path, outputDir, renditions, judged = null } = request
    const job = {
      path,
      judged,
      outputDir,
      prefix: randomBytes(12).toString('hex'),
      renditions: checkSpecs(renditions),
    }
    if (this.#isClosed) throw new MediaFailure('closed', 'no more pictures are taken')
    if (this.#queue.length >= this.#limits.queueLimit)
      throw new MediaFailure('busy', 'too many pictures wait')
    return await new Promise((resolve, reject) => {
      this.#queue.push({ job, resolve, reject })
      this.#pump()
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const { reject } of this.#queue.splice(0))
      reject(new MediaFailure('closed', 'no more pictures are taken'))
    for (const state of this.#decoders.values()) if (state !== 'busy') clearTimeout(state)
    await Promise.all([...this.#decoders.keys()].map((decoder) => decoder.stop()))
    await Promise.all(this.#running)
  }

  /** Gives waiting jobs to idle processes and starts further ones up to the limit. */
  #pump(): void {
    while (this.#queue.length > 0) {
      const decoder = this.#idle() ?? this.#startOne()
      const pending = decoder && this.#queue.shift()
      if (!pending) return
      const work = this.#work(decoder, pending)
      this.#running.add(work)
      void work.finally(() => this.#running.delete(work))
    }
  }

  #idle(): Decoder | null {
    for (const [decoder, state] of this.#decoders) {
      if (state === 'busy' || !decoder.isUsable) continue
      clearTimeout(state)
      return decoder
    }
    return null
  }

  #startOne(): Decoder | null {
    if (this.#decoders.size >= this.#limits.processes) return null
    const decoder = new Decoder(this.#options)
    void decoder.gone.then(() => {
      const state = this.#decoders.get(decoder)
      if (state !== 'busy') clearTimeout(state)
      this.#decoders.delete(decoder)
      if (!this.#isClosed) this.#pump()
    })
    return decoder
  }

  async #work(decoder: Decoder, { job, resolve, reject }: Pending): Promise<void> {
    this.#decoders.set(decoder, 'busy')
    try {
      const picture = await decoder.run(job)
      this.#release(decoder)
      resolve(picture)
    } catch (error) {
      this.#release(decoder)
      // A killed process may write until it is really gone.
      if (decoder.isSpent) await decoder.gone
      // What cannot be removed is left to whoever sweeps the folder.
      await removeFiles(job).catch(() => undefined)
      reject(error)
    }
  }

  #release(decoder: Decoder): void {
    if (decoder.isGone) return
    if (decoder.isSpent || this.#isClosed) {
      void decoder.stop()
      return
    }
    this.#decoders.set(
      decoder,
      setTimeout(() => void decoder.stop(), this.#limits.idleMs),
    )
    this.#pump()
  }
}

async function removeFiles({ outputDir, prefix }: PictureJob): Promise<void> {
  const names = await readdir(outputDir).catch(() => [])
  const ours = names.filter((name) => name.startsWith(prefix))
  await Promise.all(ours.map((name) => rm(join(outputDir, name), { force: true })))
}
