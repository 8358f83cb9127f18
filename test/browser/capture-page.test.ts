import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { openFetcher, type Fetcher } from '../../src/fetching/fetcher.ts'
import { inspectPicture } from '../../src/media/inspect.ts'
import { openCapture, type Capture } from '../../src/reading/capture.ts'
import { webServer } from '../fetching/servers.ts'
import { browserProblem } from '../helpers/browser.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { pageWorker } from '../helpers/page-worker.ts'

const open = (fetcher: Fetcher, timeoutMs = 45_000): Capture =>
  openCapture({ ...pageWorker, fetcher, browser: 'auto', sandbox: false, timeoutMs })

/** Processes on this machine whose command line names a folder. */
function processesIn(folder: string): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(folder)
    } catch {
      return false
    }
  })
}

async function noneLeft(folder: string): Promise<void> {
  for (let left = 100; processesIn(folder).length > 0; left -= 1) {
    assert.ok(left > 0, 'a browser is still there')
    await wait(50)
  }
}

describe('pictures of pages', { skip: browserProblem }, () => {
  test('show the whole page and its top, and leave no process', async () => {
    await using server = await webServer((_request, response) => {
      response.setHeader('content-type', 'text/html')
      response.end(
        '<!doctype html><body style="margin:0"><div style="height:2000px;background:green">Hello</div>',
      )
    })
    await using folder = await temporaryFolder()
    await using fetcher = openFetcher({ userAgent: 'vitrine-tests', allow: ['127.0.0.1/32'] })
    const capture = open(fetcher)
    assert.equal(capture.problem, null)
    const { full, top } = await capture.capturePage(`${server.url}/`, folder.path)
    const sides = async (path: string) => {
      const { format, width, height } = await inspectPicture(path)
      return { format, width, height }
    }
    assert.deepEqual(await sides(full), { format: 'jpeg', width: 1280, height: 2000 })
    assert.deepEqual(await sides(top), { format: 'jpeg', width: 1280, height: 960 })
    await noneLeft(folder.path)
    await capture.close()
  })

  test('cut what is too long', async () => {
    await using server = await webServer((_request, response) => {
      response.setHeader('content-type', 'text/html')
      response.end('<!doctype html><body style="height:90000px">')
    })
    await using folder = await temporaryFolder()
    await using fetcher = openFetcher({ userAgent: 'vitrine-tests', allow: ['127.0.0.1/32'] })
    const capture = open(fetcher)
    const { full } = await capture.capturePage(`${server.url}/`, folder.path)
    assert.equal((await inspectPicture(full)).height, 6000)
    await capture.close()
  })

  test('are taken in a folder with a long path too', async () => {
    await using server = await webServer((_request, response) => {
      response.setHeader('content-type', 'text/html')
      response.end('<!doctype html>Hello')
    })
    await using folder = await temporaryFolder()
    const deep = join(folder.path, 'deep'.repeat(20), 'down'.repeat(20))
    await mkdir(deep, { recursive: true })
    await using fetcher = openFetcher({ userAgent: 'vitrine-tests', allow: ['127.0.0.1/32'] })
    const capture = open(fetcher)
    const { top } = await capture.capturePage(`${server.url}/`, deep)
    assert.equal((await inspectPicture(top)).height, 960)
    await capture.close()
  })

  test('never come from where nothing is fetched from, whatever the page asks for', async () => {
    const asked: string[] = []
    await using inner = await webServer((request, response) => {
      asked.push(`inner ${request.url}`)
      response.writeHead(200, { 'access-control-allow-origin': '*' }).end('secret')
    })
    await using outer = await webServer((request, response) => {
      asked.push(`outer ${request.url}`)
      const at = `http://localhost:${inner.port}`
      const v6 = `http://[::1]:${inner.port}`
      response.writeHead(200, { 'content-type': 'text/html' })
      response.end(`<!doctype html><img src="${at}/img"><iframe src="${at}/frame"></iframe><script src="${at}/script"></script>
        <img src="${v6}/six"><link rel="stylesheet" href="http://127.0.0.2:${inner.port}/style"><iframe src="file:///etc/passwd"></iframe>
        <script>fetch('${at}/fetch').catch(() => 0); try { new WebSocket('ws://localhost:${inner.port}/socket') } catch {}
        navigator.sendBeacon('${at}/beacon', 'x'); window.open('${at}/popup')
        new EventSource('${at}/events')</script><img src="/own">`)
    })
    await using folder = await temporaryFolder()
    // The page itself is at 127.0.0.1, which is allowed here; the name localhost, [::1] and 127.0.0.2 are not.
    await using fetcher = openFetcher({
      userAgent: 'vitrine-tests',
      allow: ['127.0.0.1/32'],
      resolve: async () => ['192.168.1.1'],
    })
    const capture = open(fetcher)
    await capture.capturePage(`${outer.url}/page`, folder.path)
    assert.deepEqual(
      asked.filter((one) => one.startsWith('inner')),
      [],
    )
    assert.ok(asked.includes('outer /page') && asked.includes('outer /own'))
    await assert.rejects(capture.capturePage(`http://localhost:${inner.port}/`, folder.path), {
      name: 'CaptureError',
    })
    await assert.rejects(capture.capturePage(`file:///etc/passwd`, folder.path), { name: 'CaptureError' })
    await capture.close()
  })

  test('are given up when a page takes too long, and the browser is gone', async () => {
    await using server = await webServer((_request, response) => {
      response.setHeader('content-type', 'text/html')
      response.end('<!doctype html><script>for (;;) {}</script>')
    })
    await using folder = await temporaryFolder()
    await using fetcher = openFetcher({ userAgent: 'vitrine-tests', allow: ['127.0.0.1/32'] })
    const capture = open(fetcher, 6_000)
    await assert.rejects(capture.capturePage(`${server.url}/`, folder.path), { name: 'CaptureError' })
    await noneLeft(folder.path)

    const ended = assert.rejects(capture.capturePage(`${server.url}/`, folder.path), { isPassing: true })
    for (let left = 200; processesIn(join(folder.path, 'playwright')).length === 0 && left > 0; left -= 1)
      await wait(20)
    await capture.close()
    await ended
    await noneLeft(folder.path)
  })
})

test('without a browser there are none, and a sentence says why', async () => {
  await using fetcher = openFetcher({ userAgent: 'vitrine-tests' })
  const missing = openCapture({ ...pageWorker, fetcher, browser: '/nowhere/chromium', sandbox: false })
  assert.match(missing.problem ?? '', /No Chromium was found/)
  await assert.rejects(missing.capturePage('http://a.test/', '/nowhere'), {
    name: 'CaptureError',
    isPassing: false,
  })
  const off = openCapture({ ...pageWorker, fetcher, browser: 'off', sandbox: false })
  assert.match(off.problem ?? '', /switched off/)
})
