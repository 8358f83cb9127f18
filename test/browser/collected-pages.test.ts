import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { webServer } from '../fetching/servers.ts'
import { browserProblem } from '../helpers/browser.ts'
import { objectOf, startGimmebar, type Collector, type Form } from '../helpers/start-gimmebar.ts'

const settings = { VITRINE_FETCH_ALLOW: '127.0.0.1/32', VITRINE_CHROMIUM_SANDBOX: 'off' }
const SOURCE = 'https://found.example/where'

const collect = async (who: Collector, url: string, form: Form = {}) =>
  objectOf(await who.send('POST', 'asset', { title: 'A find', source: SOURCE, url, ...form }))
const contentOf = async (who: Collector, { id }: Record<string, unknown>) =>
  objectOf(await who.get(`asset/${String(id)}`))['content'] as Record<string, string>

// "If this is a page asset, setting this to true will prevent a screenshot from being captured" (POST asset).
test(
  'a collected page gets its pictures, unless prevent_capture says no; a copy has them too',
  {
    skip: browserProblem,
  },
  async () => {
    let asked = 0
    await using web = await webServer((request, response) => {
      if (request.url === '/') asked += 1
      response.setHeader('content-type', 'text/html')
      response.end(
        '<!doctype html><title>Tall</title><body style="margin:0;height:1500px;background:#36a">Tall',
      )
    })
    await using bar = await startGimmebar({ settings })
    const [ada, grace] = [await bar.person('ada'), await bar.person('grace')]
    const without = await collect(ada, `${web.url}/`, { prevent_capture: '1' })
    await bar.vitrine.runJobs()
    assert.equal(asked, 1, 'the page was read, and not shown')
    assert.deepEqual(Object.keys(await contentOf(ada, without)), ['original', 'full'])

    const page = await collect(ada, `${web.url}/`)
    assert.equal(page['asset_type'], 'page')
    assert.equal('fullscreen' in (page['content'] as object), false, 'absent until it is done')
    await bar.vitrine.runJobs()
    // A browser that could not start on a busy machine is tried again later, as any passing trouble is.
    for (let tries = 1; tries < 3 && !('fullscreen' in (await contentOf(ada, page))); tries += 1) {
      bar.clock.advance(600)
      await bar.vitrine.runJobs()
    }
    const content = await contentOf(ada, page)
    assert.deepEqual(Object.keys(content), ['original', 'full', 'fullscreen', 'thumb'])
    const sidesOf = async (address: string | undefined) => {
      const answer = await bar.anonymous.get(String(address).slice(bar.base.length))
      const { format, width, height } = await sharp(answer.rawPayload).metadata()
      return [
        answer.statusCode,
        answer.headers['content-disposition']?.toString().split(';')[0],
        format,
        width,
        height,
      ]
    }
    assert.deepEqual(await sidesOf(content['fullscreen']), [200, 'inline', 'jpeg', 1280, 1500])
    assert.deepEqual(await sidesOf(content['thumb']), [200, 'inline', 'jpeg', 300, 225])

    const before = asked
    const copy = objectOf(await grace.send('POST', `asset/${String(page['id'])}/copy`))
    await bar.vitrine.runJobs()
    const copied = await contentOf(grace, copy)
    assert.deepEqual(Object.keys(copied), ['original', 'full', 'fullscreen', 'thumb'])
    assert.deepEqual(await sidesOf(copied['fullscreen']), [200, 'inline', 'jpeg', 1280, 1500])
    assert.equal(asked, before, 'nothing is fetched for a copy')
  },
)
