import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startVitrine } from '../helpers/vitrine.ts'

const host = '127.0.0.1:8080'

test('html_url leads to the page of the item, and its owner to theirs', async () => {
  await using vitrine = await startVitrine({ reach: 'path' })
  const ada = await vitrine.person('ada', { name: 'Ada <Byron>', bio: 'Draws & counts.' })
  const id = await vitrine.upload(ada, {
    title: 'Harbour "at" <dusk>',
    description: '<script>alert(1)</script>',
    tags: ['sea'],
  })
  const shot = (await ada.get(`/v2/shots/${id}`)).json<{ html_url: string }>()

  const redirect = await vitrine.server.inject({ url: new URL(shot.html_url).pathname, headers: { host } })
  assert.equal(redirect.statusCode, 303)
  assert.equal(redirect.headers.location, `http://${host}/items/${id}`)
  const page = await vitrine.server.inject({ url: `/items/${id}`, headers: { host } })
  assert.equal(page.statusCode, 200)
  assert.match(page.body, /<h1>Harbour &quot;at&quot; &lt;dusk/)
  assert.ok(!page.body.includes('<script'))
  assert.match(page.body, /<li>sea<\/li>/)
  const [, picture = ''] = /src="(\/pictures\/[^"]+)"/.exec(page.body) ?? []
  assert.equal(
    (await vitrine.server.inject({ url: picture, headers: { host } })).headers['content-type'],
    'image/png',
  )

  const person = await vitrine.server.inject({ url: '/people/ada', headers: { host } })
  assert.match(person.body, /<h1>Ada &lt;Byron/)
  assert.match(person.body, new RegExp(`href="/items/${id}"`))
})

test('what a visitor may not see is not there: no page, no picture, no redirect', async () => {
  await using vitrine = await startVitrine({ reach: 'path' })
  const ada = await vitrine.person('ada', { pro: true })
  const id = await vitrine.upload(ada, { title: 'Later', scheduled_for: '2026-03-05T00:00:00Z' })
  for (const url of [
    `/items/${id}`,
    `/pictures/${id}/crop-400x300`,
    `/dribbble/shots/${id}-Later`,
    '/items/x',
    '/people/nobody',
  ])
    assert.equal((await vitrine.server.inject({ url, headers: { host } })).statusCode, 404, url)
})
