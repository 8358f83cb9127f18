import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { openSetup } from '../../src/identity/setup.ts'
import { browserProblem, openBrowser } from '../helpers/browser.ts'
import { callbackServer, listeningVitrine } from '../helpers/listening.ts'
import { samplePicture } from '../helpers/pictures.ts'

const PASSWORD = 'correct horse battery staple'

// The whole way of a new user: set up, register an application, authorise it, upload, read back. Once with scripts
// and once without, because the pages must not need any.
for (const javaScriptEnabled of [true, false])
  test(
    `from the set-up link to a shot, scripts ${javaScriptEnabled ? 'on' : 'off'}`,
    { skip: browserProblem },
    async () => {
      await using listening = await listeningVitrine()
      await using app = await callbackServer()
      const { url, vitrine } = listening
      const browser = await openBrowser()
      const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 390, height: 844 } })
      const page = await context.newPage()
      try {
        await setUp(page, `${url}/setup?token=${await openSetup(vitrine.ctx)}`)
        const client = await registerApplication(page, url, app.url)

        const state = 'st/ate & more'
        const asked = new URLSearchParams({
          client_id: client.id,
          redirect_uri: app.url,
          scope: 'public upload',
          state,
        })
        await page.goto(`${url}/dribbble/oauth/authorize?${asked}`)
        assert.match((await page.textContent('main')) ?? '', /Sketcher/)
        await page.click('button[value=approve]')
        const query = await app.called
        assert.equal(query.get('state'), state)

        const token = await exchange(url, client, String(query.get('code')))
        assert.deepEqual([token['token_type'], token['scope']], ['bearer', 'public upload'])
        const shot = await uploadAndRead(url, String(token['access_token']))
        assert.equal(shot['title'], 'Harbour')

        // Asked again for no more than before, the person is not asked again.
        await page.goto(`${url}/dribbble/oauth/authorize?client_id=${client.id}`)
        assert.equal(await page.title(), 'Back at the application')
      } finally {
        await context.close()
      }
    },
  )

async function setUp(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await page.fill('#login', 'ada')
  await page.fill('#password', PASSWORD)
  await page.click('main button')
  assert.match(page.url(), /\/account$/)
}

async function registerApplication(
  page: Page,
  url: string,
  callback: string,
): Promise<{ id: string; secret: string }> {
  await page.goto(`${url}/account/applications`)
  await page.fill('#name', 'Sketcher')
  await page.fill('#redirect_uri', callback)
  await page.click('form:has(#redirect_uri) button')
  const codes = await page.locator('code').allTextContents()
  const [secret = '', id = ''] = codes.filter((text) => /^[0-9a-f]{64}$/.test(text))
  return { id, secret }
}

async function exchange(url: string, client: { id: string; secret: string }, code: string) {
  const body = new URLSearchParams({ client_id: client.id, client_secret: client.secret, code })
  const answer = await fetch(`${url}/dribbble/oauth/token`, { method: 'POST', body })
  const token = (await answer.json()) as Record<string, unknown>
  assert.equal(answer.status, 200, JSON.stringify(token))
  return token
}

async function uploadAndRead(url: string, token: string): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${token}` }
  const form = new FormData()
  form.set('title', 'Harbour')
  form.set(
    'image',
    new Blob([new Uint8Array(await samplePicture({ width: 800, height: 600 }))]),
    'harbour.png',
  )
  const made = await fetch(`${url}/dribbble/v2/shots`, { method: 'POST', headers, body: form })
  assert.equal(made.status, 202)
  const location = String(made.headers.get('location'))
  let answer = await fetch(location, { headers })
  for (let tries = 0; answer.status === 404 && tries < 100; tries += 1) {
    await wait(50)
    answer = await fetch(location, { headers })
  }
  const shot = (await answer.json()) as Record<string, unknown> & { images: Record<string, string> }
  const hidpi = await fetch(String(shot.images['hidpi']))
  const facts = await sharp(Buffer.from(await hidpi.arrayBuffer())).metadata()
  assert.deepEqual([facts.width, facts.height], [800, 600])
  return shot
}
