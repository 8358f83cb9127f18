import { spawn, type ChildProcess } from 'node:child_process'
import { withDataLimit } from '../media/data-limit.ts'

export interface ChildOptions {
  /** The file of the child process: `dist/page-worker.js`, or `page-worker.ts` with `execArgv` that can run it. */
  workerPath: string
  execArgv?: readonly string[]
  /** Of JavaScript's heap; the process ends where it is passed. */
  heapMegabytes: number
  /** Of everything, with the heap; held on Linux only. No limit when left out. */
  memoryBytes?: number
  /** Beside PATH, which is all a child gets of the environment. */
  env?: Readonly<Record<string, string>>
}

/** What a child sends back: a result, or the sentence of an error. */
export type ChildReply = { result: unknown } | { failure: string }

/** The child did not do what it was asked: it failed, died or was killed when its time was up. */
export class ChildFailure extends Error {
  override readonly name = 'ChildFailure'
  readonly kind: 'failed' | 'died' | 'late' | 'stopped'

  constructor(kind: ChildFailure['kind'], message: string) {
    super(message)
    this.kind = kind
  }
}

/** A process that does one thing at a time and is killed when that takes too long. */
export class Child {
  readonly #child: ChildProcess
  readonly #gone: Promise<void>
  #isGone = false
  #fail: (error: ChildFailure) => void = () => undefined

  constructor({ workerPath, execArgv = [], heapMegabytes, memoryBytes, env = {} }: ChildOptions) {
    const args = [`--max-old-space-size=${heapMegabytes}`, ...execArgv, workerPath]
    const [command, rest] =
      memoryBytes === undefined ? [process.execPath, args] : withDataLimit(memoryBytes, args)
    this.#child = spawn(command, rest, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { PATH: process.env['PATH'] ?? '', ...env },
    })
    this.#gone = new Promise((resolve) => {
      const leave = () => {
        this.#isGone = true
        this.#fail(new ChildFailure('died', 'the process ended'))
        resolve()
      }
      this.#child.once('exit', leave)
      // `error` alone when nothing could be started; a message that cannot be sent has an `exit` to follow.
      this.#child.on('error', () => this.#child.pid === undefined && leave())
    })
  }

  /** Whether it may be asked for something. */
  get isUsable(): boolean {
    return !this.#isGone && this.#child.connected
  }

  /** @throws ChildFailure; unless it says `failed`, the process is gone by then. */
  async run(request: object, timeoutMs: number): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined
    try {
      return await new Promise((resolve, reject) => {
        this.#fail = reject
        timer = setTimeout(() => reject(new ChildFailure('late', 'it took too long')), timeoutMs)
        this.#child.once('message', (reply: ChildReply) => {
          if ('result' in reply) resolve(reply.result)
          else reject(new ChildFailure('failed', reply.failure))
        })
        if (this.#isGone) reject(new ChildFailure('died', 'the process ended'))
        else this.#child.send(request, () => undefined)
      })
    } catch (error) {
      if (!(error instanceof ChildFailure) || error.kind !== 'failed') await this.stop()
      throw error
    } finally {
      clearTimeout(timer)
      this.#fail = () => undefined
      this.#child.removeAllListeners('message')
    }
  }

  /** Kills the process, in the middle of its work if need be, and waits until it is gone. */
  async stop(): Promise<void> {
    this.#fail(new ChildFailure('stopped', 'it was stopped'))
    if (!this.#isGone) this.#child.kill('SIGKILL')
    await this.#gone
  }
}
