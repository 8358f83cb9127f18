import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Fetcher } from '../fetching/fetcher.ts'
import { Child, ChildFailure, type ChildOptions } from './child.ts'
import type { Screenshots } from './take-screenshot.ts'
import { webAddress } from './web-address.ts'

export interface CaptureOptions extends Pick<ChildOptions, 'workerPath' | 'execArgv'> {
  /** `auto` looks for a browser, `off` wants none; else the path of one. */
  browser: string
  /** Off for machines where Chromium's own sandbox does not work. */
  sandbox: boolean
  fetcher: Pick<Fetcher, 'openProxy'>
  /** For one page, all in all; 45 seconds. */
  timeoutMs?: number
}

/** A page could not be shown. `passing`: another try may do better. The message is safe to show people. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError'
  readonly isPassing: boolean

  constructor(message: string, { isPassing, cause }: { isPassing: boolean; cause?: string }) {
    super(message, { cause })
    this.isPassing = isPassing
  }
}

/** Pictures of pages, by a browser that is found on the machine. */
export interface Capture {
  /** Why there are no pictures of pages, as a sentence; null when there are. */
  problem: string | null
  /**
   * Shows a page and takes its picture, 1280 pixels wide and 6,000 high at the most. One page at a time; others wait.
   *
   * @param folder An empty folder of the caller's, for the pictures and for what a browser leaves.
   * @throws CaptureError
   */
  capturePage: (url: string, folder: string) => Promise<Screenshots>
  /** Ends the browser. */
  close: () => Promise<void>
}

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
]

const sides = { width: 1_280, maxHeight: 6_000, foldHeight: 960 }

/** Nothing is started before the first page. */
export function openCapture(options: CaptureOptions): Capture {
  const found = findBrowser(options)
  const running = new Set<Child>()
  let last: Promise<unknown> = Promise.resolve()
  let isClosed = false

  async function capture(url: string, folder: string): Promise<Screenshots> {
    if ('problem' in found) throw new CaptureError(found.problem, { isPassing: false })
    if (isClosed) throw new CaptureError('the program ends', { isPassing: true })
    // A browser would show its own machine's files.
    const address = webAddress(url, 'about:blank')
    if (address === null) throw new CaptureError('only http and https pages are shown', { isPassing: false })
    await using proxy = await options.fetcher.openProxy()
    const socketFolder = await openSocketFolder()
    // Everything a browser writes goes where the caller clears up.
    const env = { HOME: folder, TMPDIR: folder, XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder }
    const child = new Child({ ...options, heapMegabytes: 256, env })
    running.add(child)
    try {
      const places = { folder, socketFolder, executablePath: found.path, proxyUrl: proxy.url }
      const request = { op: 'screenshot', url: address, sandbox: options.sandbox, ...places, ...sides }
      const made = await child.run(request, options.timeoutMs ?? 45_000)
      if (areScreenshots(made)) return made
      throw new CaptureError('the page cannot be shown', { isPassing: false })
    } catch (error) {
      throw captureError(error)
    } finally {
      // Its end closes the pipe to the browser, and that ends the browser.
      await child.stop()
      running.delete(child)
      await rm(socketFolder, { recursive: true, force: true })
    }
  }

  return {
    problem: 'problem' in found ? found.problem : null,
    capturePage(url, folder) {
      const turn = last.then(() => capture(url, folder))
      last = turn.catch(() => undefined)
      return turn
    },
    async close() {
      isClosed = true
      await Promise.all([...running].map((child) => child.stop()))
      await last
    },
  }
}

/** A browser makes a socket below this folder, and the whole path of a socket has at most 107 bytes. */
function openSocketFolder(): Promise<string> {
  const usualPlace = tmpdir()
  return mkdtemp(join(usualPlace.length <= 40 ? usualPlace : '/tmp', 'vitrine-'))
}

function areScreenshots(value: unknown): value is Screenshots {
  return typeof value === 'object' && value !== null && 'full' in value && 'top' in value
}

function captureError(error: unknown): unknown {
  if (!(error instanceof ChildFailure)) return error
  if (error.kind === 'failed')
    return new CaptureError(plain(error.message), { isPassing: true, cause: forLog(error.message) })
  return new CaptureError('the browser was stopped', { isPassing: error.kind !== 'late' })
}

/** The first line of what the browser says, which may name addresses and files. */
function plain(message: string): string {
  const reason = /net::(ERR_\w+)/.exec(message)?.[1]
  return reason === undefined ? 'the page cannot be shown' : `the page cannot be shown (${reason})`
}

/** What the browser says, for whoever runs the server: without the paths and queries of other people's pages. */
const forLog = (message: string) => message.replaceAll(/(https?:\/\/[^\s/]+)\S*/g, '$1')

function findBrowser({ browser, sandbox }: CaptureOptions): { path: string } | { problem: string } {
  if (browser === 'off') return { problem: 'Pictures of pages are switched off.' }
  const path = browser === 'auto' ? usual.find((one) => existsSync(one)) : browser
  if (path === undefined || !existsSync(path))
    return { problem: 'No Chromium was found; install one, or name it in VITRINE_CHROMIUM.' }
  if (sandbox && process.getuid?.() === 0)
    return {
      problem:
        'Chromium’s sandbox does not work for root; run as another user, or set VITRINE_CHROMIUM_SANDBOX to off.',
    }
  return { path }
}
