import assert from 'node:assert/strict'
import { test } from 'node:test'
import { samplePicture } from '../../helpers/pictures.ts'
import { multipart, startVitrine, type Person } from '../../helpers/vitrine.ts'
import { problemsIn, quickShot, same, START } from './shown.ts'

const fileOf = (bytes: Buffer, fileName: string, mimeType = 'text/plain') =>
  multipart({}, { image: bytes, field: 'file', fileName, mimeType })

const attach = (who: Person, shot: number, version = 'v1', bytes: Buffer = Buffer.from('%PDF-1.4 nets')) =>
  who.post(`/${version}/shots/${shot}/attachments`, undefined, fileOf(bytes, 'Nets & more.pdf'))

for (const version of ['v1', 'v2'])
  // v1 Attachments, "Create an attachment"; v2 has the same method
  test(`${version}: a file is accepted, its address ends in its bare id`, async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada', { pro: true })
    const id = await quickShot(vitrine, ada)
    const made = await ada.post(`/${version}/shots/${id}-Harbour/attachments`, undefined, {
      payload: fileOf(Buffer.from('%PDF-1.4 nets'), 'nets.pdf').payload,
      headers: { ...fileOf(Buffer.alloc(1), 'x').headers, origin: 'https://app.example' },
    })
    assert.deepEqual([made.statusCode, made.body], [202, ''])
    assert.equal(made.headers.location, `${vitrine.base}/${version}/shots/${id}/attachments/1`)
    assert.match(String(made.headers['access-control-expose-headers']), /X-RateLimit-Reset, Location$/)
  })

// v1 Attachments, "Get a single attachment", "List attachments for a shot"
test('a picture has a thumbnail and is there once it has been processed', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada', { pro: true })
  const id = await quickShot(vitrine, ada)
  const picture = await samplePicture({ width: 900, height: 700, format: 'jpeg' })
  const made = await attach(ada, id, 'v1', picture)
  const address = String(made.headers.location)
  assert.equal((await ada.get(address)).statusCode, 404)
  same((await ada.get(`/v1/shots/${id}/attachments`)).data(), [])

  await vitrine.runJobs()
  const folder = `${vitrine.base}/users/${ada.id}/screenshots/${id}/attachments/1`
  const attachment = {
    id: 1,
    url: `${folder}/Nets%20%26%20more.pdf`,
    thumbnail_url: `${folder}/thumbnail/Nets%20%26%20more.pdf`,
    size: picture.length,
    content_type: 'image/jpeg',
    views_count: 0,
    created_at: START,
  }
  same((await vitrine.anonymous.get(address)).data(), attachment)
  same((await ada.get(`/v1/shots/${id}/attachments`)).data(), [attachment])
  assert.match((await vitrine.anonymous.get(`/v1/shots/${id}`)).body, /"attachments_count":1/)
  const { views_count: _none, ...inShot } = attachment
  same((await ada.get(`/v2/shots/${id}`)).json<{ attachments: unknown }>().attachments, [inShot])
})

test('any other file has none; its type is told by its bytes', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada', { pro: true })
  const id = await quickShot(vitrine, ada)
  const files = ['%PDF-1.4 nets', 'PK\x03\x04 nets', '<script>nets</script>']
  for (const text of files) await attach(ada, id, 'v1', Buffer.from(text))
  const list = (await ada.get(`/v1/shots/${id}/attachments`)).json<Record<string, unknown>[]>()
  const types = list.map((one) => [one['content_type'], one['size'], 'thumbnail_url' in one])
  assert.deepEqual(types, [
    ['application/pdf', 13, false],
    ['application/zip', 9, false],
    ['application/octet-stream', 21, false],
  ])
})

// v1 Attachments, "Delete an attachment"
test('the owner deletes an attachment, under its own shot', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada', { pro: true })
  const bo = await vitrine.person('bo')
  const [id, other] = [await quickShot(vitrine, ada), await quickShot(vitrine, ada)]
  await attach(ada, id)
  await attach(ada, id)

  assert.equal((await bo.delete(`/v1/shots/${id}/attachments/1`)).statusCode, 403)
  assert.equal((await ada.delete(`/v1/shots/${other}/attachments/1`)).statusCode, 404)
  assert.equal((await ada.get(`/v1/shots/${other}/attachments/1`)).statusCode, 404)
  const gone = await ada.delete(`/v1/shots/${id}/attachments/1`)
  assert.deepEqual([gone.statusCode, gone.body], [204, ''])
  assert.equal((await ada.delete(`/v2/shots/${id}/attachments/2`)).statusCode, 204)
  same((await bo.get(`/v1/shots/${id}/attachments`)).data(), [])
})

test('attachments are for owners who are pro, a team or a member of one, with the scope', async () => {
  await using vitrine = await startVitrine()
  const crew = await vitrine.person('crew', { team: true })
  const member = await vitrine.person('member', { memberOf: crew })
  const ada = await vitrine.person('ada', { pro: true })
  const bo = await vitrine.person('bo')
  const reader = await vitrine.person('reader', { pro: true, scopes: 'public write comment' })
  const shotOf = (who: Person) => quickShot(vitrine, who)

  for (const version of ['v1', 'v2']) {
    assert.equal((await attach(bo, await shotOf(bo), version)).statusCode, 403)
    assert.equal((await attach(ada, await shotOf(bo), version)).statusCode, 403)
    assert.equal((await attach(reader, await shotOf(reader), version)).statusCode, 403)
    assert.equal((await reader.delete(`/${version}/shots/1/attachments/1`)).statusCode, 403)
    assert.equal((await vitrine.anonymous.delete(`/${version}/shots/1/attachments/1`)).statusCode, 401)
    assert.equal((await attach(member, await shotOf(member), version)).statusCode, 202)
    assert.equal((await attach(crew, await shotOf(crew), version)).statusCode, 202)
    assert.equal((await attach(ada, 999, version)).statusCode, 404)
  }
})

test('a private shot keeps its attachments to itself', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada', { pro: true })
  const bo = await vitrine.person('bo')
  const id = await quickShot(vitrine, ada, { visibility: 'private' })
  await attach(ada, id)
  const own = (await ada.get(`/v1/shots/${id}/attachments/1`)).json<{ url: string }>()
  assert.match(own.url, /\?signature=/)
  for (const path of [`/v1/shots/${id}/attachments`, `/v1/shots/${id}/attachments/1`])
    assert.equal((await bo.get(path)).statusCode, 404)
})

// "file … Required … no larger than ten megabytes"
test('a file that is missing, empty or too large is refused and leaves nothing', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada', { pro: true })
  const id = await quickShot(vitrine, ada)
  const blank = ["file can't be blank"]
  assert.deepEqual(problemsIn(await ada.post(`/v1/shots/${id}/attachments`, {})), blank)
  assert.deepEqual(problemsIn(await attach(ada, id, 'v1', Buffer.alloc(0))), blank)
  const large = await attach(ada, id, 'v2', Buffer.alloc(10 * 1024 * 1024 + 1))
  assert.equal(large.statusCode, 422)
  assert.match(large.body, /at most 10 MB/)
  same((await ada.get(`/v1/shots/${id}/attachments`)).data(), [])
})
