import { join } from 'node:path'
import type { Page } from 'playwright-core'

export interface ScreenshotRequest {
  url: string
  /** Of the browser. */
  executablePath: string
  sandbox: boolean
  /** The only way to the network. */
  proxyUrl: string
  /** Where the files go. */
  folder: string
  /** Where the browser may put a socket; a short path. */
  socketFolder: string
  width: number
  /** Longer pages are cut off. */
  maxHeight: number
  /** What of the page is at the top. */
  foldHeight: number
}

export interface Screenshots {
  /** JPEG files: the whole page, and its top. */
  full: string
  top: string
}

const gotoMs = 15_000
const loadMs = 8_000
const settleMs = 500

/** Nothing that the browser does may go round the proxy, and nothing on the machine is open to it. */
const switches = [
  '--disable-quic',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
  '--disable-dev-shm-usage',
  '--disable-features=DnsOverHttps,MediaRouter,Translate',
  '--no-first-run',
  '--mute-audio',
  '--js-flags=--max-old-space-size=512',
]

/**
 * Opens a page in a fresh browser and takes its picture.
 *
 * @returns Null when the server says that there is no page, or shows something else.
 * @throws Error of the browser, of the network or of the page's server, which may be gone at another time.
 */
export async function takeScreenshot(wanted: ScreenshotRequest): Promise<Screenshots | null> {
  const { chromium } = await import('playwright-core')
  const browser = await chromium.launch({
    executablePath: wanted.executablePath,
    chromiumSandbox: wanted.sandbox,
    // `<-loopback>`: also addresses of this machine go through the proxy, which refuses them.
    proxy: { server: wanted.proxyUrl, bypass: '<-loopback>' },
    args: switches,
    env: { ...environment(), TMPDIR: wanted.socketFolder },
    timeout: gotoMs,
  })
  try {
    const context = await browser.newContext({
      viewport: { width: wanted.width, height: wanted.foldHeight },
      acceptDownloads: false,
      serviceWorkers: 'block',
      reducedMotion: 'reduce',
    })
    const page = await context.newPage()
    context.on('page', (popup) => void popup.close().catch(() => undefined))
    if (!(await goTo(page, wanted.url))) return null
    // A page that never ends loading is shown as far as it got.
    await page.waitForLoadState('load', { timeout: loadMs }).catch(() => undefined)
    await page.waitForTimeout(settleMs)

    if (!/^https?:/.test(page.url())) return null

    const full = join(wanted.folder, 'full.jpeg')
    const top = join(wanted.folder, 'top.jpeg')
    const picture = { type: 'jpeg', quality: 82, animations: 'disabled', timeout: loadMs } as const
    await page.screenshot({ ...picture, path: top })
    const height = await page.evaluate('Math.ceil(document.documentElement.scrollHeight)')
    const clip = { x: 0, y: 0, width: wanted.width, height: heightWithin(height, wanted) }
    await page.screenshot({ ...picture, path: full, fullPage: true, clip })
    return { full, top }
  } finally {
    await browser.close()
  }
}

function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

/** Whether there is a page. A browser has an error of its own for a refusal without a body. */
async function goTo(page: Page, url: string): Promise<boolean> {
  let status = 0
  page.on('response', (response) => {
    if (response.frame() === page.mainFrame() && response.request().isNavigationRequest())
      status = response.status()
  })
  try {
    await page.goto(url, { waitUntil: 'commit', timeout: gotoMs })
  } catch (error) {
    if (status < 400) throw error
  }
  if (status >= 500 || status === 408 || status === 429) throw new Error('the server shows no page now')
  return status < 400
}

/** The page can say what it likes about its height. */
function heightWithin(said: unknown, { foldHeight, maxHeight }: ScreenshotRequest): number {
  const height = typeof said === 'number' && Number.isFinite(said) ? said : foldHeight
  return Math.min(Math.max(height, foldHeight), maxHeight)
}
