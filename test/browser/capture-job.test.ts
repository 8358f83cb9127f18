import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { addItem, findItem, removeItem } from '../../src/library/items.ts'
import { capturePageLater, pageCapture, pageThumbnail } from '../../src/library/page-captures.ts'
import { webServer } from '../fetching/servers.ts'
import { browserProblem } from '../helpers/browser.ts'
import { openLibrary, person, storedBlobs } from '../library/open-library.ts'

const settings = { VITRINE_FETCH_ALLOW: '127.0.0.1', VITRINE_CHROMIUM_SANDBOX: 'off' }

async function collectedPage(library: Awaited<ReturnType<typeof openLibrary>>, url: string) {
  const { ctx } = library
  const { account, viewer } = await person(library, 'ada')
  const { id } = await addItem(ctx, viewer, { ownerId: account.id, title: 'A page', kind: 'page' })
  await capturePageLater(ctx, ctx.db, { itemId: id, url })
  const pictures = async () => {
    const { renditions } = await findItem(ctx, viewer, id)
    return [...renditions.values()].map(({ name, width, height, format }) => [name, width, height, format])
  }
  return { id, viewer, pictures }
}

/** Why a picture was not taken is told with the test. */
const telling = (t: TestContext) => pino({ level: 'info' }, { write: (line) => t.diagnostic(line.trim()) })

test('a collected page gets its pictures, once', { skip: browserProblem }, async (t) => {
  await using server = await webServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><body style="margin:0;height:1500px;background:#3a6">Hello')
  })
  await using library = await openLibrary(undefined, settings, telling(t))
  const { id, pictures } = await collectedPage(library, `${server.url}/`)
  await library.runJobs()
  const expected = [
    [pageCapture, 1280, 1500, 'jpeg'],
    [pageThumbnail, 300, 225, 'jpeg'],
  ]
  // A browser that could not start on a busy machine is tried again later, as any passing trouble is.
  for (let tries = 1; tries < 3 && (await pictures()).length === 0; tries += 1) {
    library.clock.advance(600)
    await library.runJobs()
  }
  assert.deepEqual(await pictures(), expected)
  assert.equal((await storedBlobs(library)).length, 2)

  const asked = server.connections()
  await capturePageLater(library.ctx, library.ctx.db, { itemId: id, url: `${server.url}/` })
  await library.runJobs()
  assert.equal(server.connections(), asked)
})

test('a server that has no page now is asked again', { skip: browserProblem }, async () => {
  await using server = await webServer((_request, response) => response.writeHead(503).end())
  await using library = await openLibrary(undefined, settings)
  const { pictures } = await collectedPage(library, `${server.url}/`)
  const ran: number[] = []
  for (let tries = 1; tries <= 4; tries += 1) {
    ran.push(await library.runJobs())
    library.clock.advance(600)
  }
  assert.deepEqual(ran, [1, 1, 1, 0])
  assert.deepEqual(await pictures(), [])
})

test(
  'a page that cannot be shown has none, and its job is not tried again',
  { skip: browserProblem },
  async () => {
    await using library = await openLibrary(undefined, settings)
    const { pictures } = await collectedPage(library, 'http://10.0.0.1/')
    assert.equal(await library.runJobs(), 1)
    library.clock.advance(3600)
    assert.equal(await library.runJobs(), 0)
    assert.deepEqual(await pictures(), [])
  },
)

test('nothing is done for an item that is gone, or without a browser', async () => {
  await using server = await webServer((_request, response) => response.end('x'))
  await using library = await openLibrary(undefined, { ...settings, VITRINE_CHROMIUM: 'off' })
  const { id, viewer, pictures } = await collectedPage(library, `${server.url}/`)
  await library.runJobs()
  assert.deepEqual(await pictures(), [])
  await removeItem(library.ctx, viewer, id)
  assert.equal(server.connections(), 0)
})
