import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { registerApp } from '../../src/identity/apps.ts'
import { setPassword } from '../../src/identity/passwords.ts'
import { addAccount } from '../../src/library/accounts.ts'
import { browserProblem, openBrowser } from '../helpers/browser.ts'
import { listeningVitrine, type Listening } from '../helpers/listening.ts'

const PASSWORD = 'correct horse battery staple'

/** An application on Ada's desktop, and what it asks the API for. */
async function desktop({ vitrine: { ctx }, url }: Listening) {
  const { id } = await addAccount(ctx, { login: 'ada' })
  await setPassword(ctx, id, PASSWORD)
  const fields = { name: 'Postcards & more', redirectUri: 'https://app.example/callback' }
  const { app, clientSecret } = await registerApp(ctx, id, fields, { approved: true })
  const api = `${url}/gimmebar/api/v1`
  const post = async (path: string, form: Record<string, string>) => {
    const answer = await fetch(`${api}/${path}`, { method: 'POST', body: new URLSearchParams(form) })
    return { status: answer.status, body: (await answer.json()) as Record<string, string> }
  }
  const client = { client_id: app.clientId, client_secret: clientSecret ?? '', type: 'app' }
  const { body } = await post('auth/token/request', client)
  const token = String(body['request_token'])
  const asked = new URLSearchParams({ client_id: app.clientId, token, response_type: 'code' })
  return {
    address: `${url}/gimmebar/authorize?${asked.toString()}`,
    code: () => post('auth/token/authorization', { client_id: app.clientId, token, response_type: 'code' }),
    access: (code: string) => post('auth/token/access', { code, grant_type: 'authorization_code' }),
    tags: async (accessToken: string) => {
      const basic = Buffer.from(`ada:${accessToken}`).toString('base64')
      const answer = await fetch(`${api}/tags`, { headers: { authorization: `Basic ${basic}` } })
      return [answer.status, await answer.text()]
    },
  }
}

/** Opens the address that the application sends to, and signs in on the way. */
async function openConsent(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await page.fill('#login', 'ada')
  await page.fill('#password', PASSWORD)
  await page.click('main button')
  assert.match(page.url(), /\/authorize-device\//)
  assert.match((await page.textContent('main')) ?? '', /Let Postcards & more use your account\?/)
}

// "Authorization for devices and desktop apps", its ten steps, with the page that people see in the middle.
for (const javaScriptEnabled of [true, false]) {
  const scripts = `scripts ${javaScriptEnabled ? 'on' : 'off'}`
  const withPage = async (run: (page: Page, listening: Listening) => Promise<void>) => {
    await using listening = await listeningVitrine()
    const browser = await openBrowser()
    const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 390, height: 844 } })
    try {
      await run(await context.newPage(), listening)
    } finally {
      await context.close()
    }
  }

  test(`from the request token over the page to the access token, ${scripts}`, { skip: browserProblem }, () =>
    withPage(async (page, listening) => {
      const app = await desktop(listening)
      const early = await app.code()
      assert.equal(early.status, 400, 'nobody has approved yet')

      await openConsent(page, app.address)
      assert.equal((await app.code()).status, 400, 'looking at the page gives nothing')
      await page.click('button[value=approve]')
      assert.match((await page.textContent('main')) ?? '', /Close this window and return to Postcards & more/)

      const { status, body } = await app.code()
      assert.equal(status, 200, JSON.stringify(body))
      const tokens = await app.access(String(body['code']))
      assert.deepEqual([tokens.status, tokens.body['username']], [200, 'ada'])
      assert.deepEqual(await app.tags(String(tokens.body['access_token'])), [200, '[]'])

      // Decided once for all.
      const again = await page.goto(app.address)
      assert.equal(again?.status(), 400)
      assert.match((await page.textContent('body')) ?? '', /decided already, or is too old/)
    }),
  )

  test(`denied on the page, the application gets nothing, ${scripts}`, { skip: browserProblem }, () =>
    withPage(async (page, listening) => {
      const app = await desktop(listening)
      await openConsent(page, app.address)
      await page.click('button[value=deny]')
      assert.match((await page.textContent('main')) ?? '', /gets no access/)
      const { status, body } = await app.code()
      assert.equal(status, 400)
      assert.match(
        JSON.stringify(body),
        /"name":"INVALID_INPUT","message":"The request token has been denied"/,
      )
      assert.equal((await page.goto(app.address))?.status(), 400)
    }),
  )
}
