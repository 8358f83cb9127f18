import { existsSync } from 'node:fs'
import { after } from 'node:test'
import { chromium, type Browser } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The browser found on this machine, or the sentence that says there is none. */
export const chromiumPath = places.find((path) => existsSync(path)) ?? null
export const browserProblem =
  chromiumPath === null
    ? 'There is no Chromium here (Debian: apt-get install chromium); browser tests skipped'
    : false

let browser: Browser | null = null

/** One browser for all tests of this process. */
export async function openBrowser(): Promise<Browser> {
  browser ??= await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] })
  return browser
}

after(async () => {
  await browser?.close()
})
