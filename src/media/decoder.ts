import { spawn, type ChildProcess } from 'node:child_process'
import { withDataLimit } from './data-limit.ts'
import { MediaError, MediaFailure, tooLarge } from './errors.ts'
import type { PictureJob } from './process-picture.ts'
import type { ProcessedPicture } from './processed.ts'
import { isReply, type WorkerReply, type WorkerRequest } from './protocol.ts'

export type DecoderOptions = {
  workerPath: string
  timeoutMs: number
  memoryBytes: number
  execArgv: readonly string[]
}

/** JavaScript does little in the child: pixels lie outside its heap. */
const heapMebibytes = 192
const startTimeoutMs = 30_000
const keptStderr = 4_096

type Waiting = {
  resolve: (picture: ProcessedPicture) => void
  reject: (error: Error) => void
  timer: NodeJS.Timeout
}

function start({ workerPath, memoryBytes, execArgv }: DecoderOptions): ChildProcess {
  const args = [`--max-old-space-size=${heapMebibytes}`, ...execArgv, workerPath]
  const [command, rest] = withDataLimit(memoryBytes, args)
  return spawn(command, rest, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { PATH: process.env['PATH'] ?? '' },
  })
}

/** One child process that decodes one picture at a time. It is killed when a picture takes too long. */
export class Decoder {
  /** Resolves when the process is gone, for whatever reason. */
  readonly gone: Promise<void>
  isGone = false
  /** Set when the process should not be used again though it lives. */
  isSpent = false
  readonly #options: DecoderOptions
  readonly #child: ChildProcess
  #isReady = false
  #stderr = ''
  #waiting: Waiting | null = null
  #next: (() => void) | null = null

  constructor(options: DecoderOptions) {
    this.#options = options
    this.#child = start(options)
    this.#child.on('message', (message: unknown) => {
      if (isReply(message)) this.#onReply(message)
    })
    this.#child.stderr?.on('data', (data: Buffer) => {
      this.#stderr = (this.#stderr + data.toString('utf8')).slice(-keptStderr)
    })
    this.gone = new Promise((resolve) => {
      const leave = () => {
        this.isGone = true
        this.#fail(this.#deathNotice())
        resolve()
      }
      // `close` comes after `exit`, when stderr has been read; `error` instead of both if nothing could be started.
      this.#child.once('close', leave)
      this.#child.once('error', () => (this.#child.pid === undefined ? leave() : this.#kill()))
    })
  }

  /** Whether it may be given a picture. */
  get isUsable(): boolean {
    return !this.isGone && !this.isSpent && this.#child.connected
  }

  /** @throws MediaError or MediaFailure; after the latter the process is gone or going. */
  run(job: PictureJob): Promise<ProcessedPicture> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#fail(new MediaFailure('crashed', 'the decoder did not start', { cause: this.#stderr }))
        this.#kill()
      }, startTimeoutMs)
      this.#waiting = { resolve, reject, timer }
      this.#next = () => this.#send(job)
      if (this.#isReady) this.#next()
    })
  }

  /** Kills the process, in the middle of a picture if need be, and waits until it is gone. */
  async stop(): Promise<void> {
    this.#fail(new MediaFailure('closed', 'the decoder has been stopped'))
    this.#kill()
    await this.gone
  }

  #send(job: PictureJob): void {
    if (!this.#waiting) return
    clearTimeout(this.#waiting.timer)
    this.#waiting.timer = setTimeout(() => {
      this.#fail(tooLarge('the picture takes too long to decode'))
      this.#kill()
    }, this.#options.timeoutMs)
    const request: WorkerRequest = { kind: 'process', job }
    // If the message cannot be delivered the process is dying, and its end is what we act on.
    this.#child.send(request, () => undefined)
  }

  #onReply(reply: WorkerReply): void {
    if (reply.kind === 'ready') {
      this.#isReady = true
      this.#next?.()
      return
    }
    const waiting = this.#waiting
    this.#waiting = null
    if (!waiting) return
    clearTimeout(waiting.timer)
    if (reply.rssBytes > this.#options.memoryBytes / 2 || isOutOfMemory(reply)) this.isSpent = true
    if (reply.kind === 'done') waiting.resolve(reply.picture)
    else if (reply.kind === 'refused') waiting.reject(new MediaError(reply.reason, reply.detail))
    else waiting.reject(failureOf(reply))
  }

  #fail(error: Error): void {
    const waiting = this.#waiting
    this.#waiting = null
    if (!waiting) return
    clearTimeout(waiting.timer)
    this.isSpent = true
    waiting.reject(error)
  }

  #kill(): void {
    this.isSpent = true
    this.#child.kill('SIGKILL')
  }

  /** Where memory ends outside the picture library, the process ends with it. */
  #deathNotice(): Error {
    if (/memory|bad_alloc|failed to allocate/i.test(this.#stderr)) {
      return tooLarge('the picture takes too much memory to decode')
    }
    return new MediaFailure('crashed', 'the decoder crashed', { cause: this.#stderr })
  }
}

function isOutOfMemory(reply: WorkerReply): boolean {
  return reply.kind === 'refused' && reply.detail.includes('memory')
}

function failureOf({ message, code }: { message: string; code: string | null }): MediaFailure {
  return code === null
    ? new MediaFailure('crashed', 'the decoder failed', { cause: message })
    : new MediaFailure('file', 'a file of the picture could not be read or written', { code, cause: message })
}
