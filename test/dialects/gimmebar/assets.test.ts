import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { samplePicture } from '../../helpers/pictures.ts'
import {
  multipart,
  objectOf,
  recordsOf,
  refusedAs,
  startGimmebar,
  type BarClient,
  type Form,
} from '../../helpers/start-gimmebar.ts'

const SOURCE = 'https://example.org/a-page'
const note = (who: BarClient, form: Form = {}) =>
  who.send('POST', 'asset', { title: 'A note', source: SOURCE, text: 'Bread and salt', ...form })
const idOf = async (who: BarClient, form: Form = {}) => String(objectOf(await note(who, form))['id'])

describe('POST asset', () => {
  test('text: the record of a new asset, with the tags of its description', async () => {
    await using bar = await startGimmebar({ at: '2026-03-04T05:06:07.000Z' })
    const ada = await bar.person('ada')
    const said = { description: 'For #Lunch and #lunch, not a#b, #day-2', private: '1' }
    const shown = objectOf(await note(ada, said))
    const { id, user_id: user, short_url: short, short_url_token: token, ...rest } = shown
    assert.match(String(id), /^[0-9a-f]{24}$/)
    assert.match(String(user), /^[0-9a-f]{32}$/)
    assert.equal(short, `${bar.base}/${String(token)}`)
    const hash = createHash('md5').update('Bread and salt').digest('hex')
    assert.deepEqual(rest, {
      asset_type: 'text',
      title: 'A note',
      description: said.description,
      tags: ['day-2', 'lunch'],
      content: { original: SOURCE, text: 'Bread and salt' },
      source: SOURCE,
      date: Date.parse('2026-03-04T05:06:07.000Z') / 1000,
      media_hash: `${hash}14`,
      size: 0,
      mime_type: '',
      private: true,
      username: 'ada',
    })
  })

  test('an embed code is an embed', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const shown = objectOf(
      await note(ada, { text: '<iframe src="https://video.example/embed/1" width="4"></iframe>' }),
    )
    assert.equal(shown['asset_type'], 'embed')
    const content = shown['content'] as { tag: string; attributes: Record<string, string> }
    assert.deepEqual([content.tag, content.attributes['src']], ['iframe', 'https://video.example/embed/1'])
  })

  test('a picture, as a form upload and as a data URL with blanks for plus signs', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const image = await samplePicture({ width: 1200, height: 600 })
    const form = multipart({ title: 'Wide', source: SOURCE }, { image, field: 'data', fileName: 'w.png' })
    const made = objectOf(await ada.send('POST', 'asset', undefined, form))
    assert.deepEqual([made['asset_type'], made['mime_type']], ['image', 'image/png'])
    const md5 = createHash('md5').update(image).digest('hex')
    assert.equal(made['media_hash'], `${md5}${image.length}`)
    await bar.vitrine.runJobs()
    const [shown] = recordsOf(await ada.get('assets'))
    assert.ok(shown)
    const { resized_images: sizes } = shown['content'] as {
      resized_images: { full: string; display: Sized; stash: Sized }
    }
    assert.deepEqual(sizes.display.dims, { w: 960, h: 480 })
    assert.deepEqual(sizes.stash.dims, { w: 300, h: 150 })
    for (const url of [sizes.full, sizes.display.url, sizes.stash.url]) {
      const part = await bar.anonymous.get(url.slice(bar.base.length))
      assert.deepEqual([part.statusCode, part.headers['content-type']], [200, 'image/png'], url)
    }
    const small = await samplePicture({ width: 20, height: 20 })
    const dataurl = `data:image/png;base64,${small.toString('base64').replaceAll('+', ' ')}`
    const other = objectOf(await ada.send('POST', 'asset', { title: 'Small', source: SOURCE, dataurl }))
    assert.equal(other['asset_type'], 'image')
  })

  test('a document is downloaded, not shown', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const image = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n')
    const form = multipart({ title: 'P', source: SOURCE }, { image, field: 'data', fileName: 'p.pdf' })
    const shown = objectOf(await ada.send('POST', 'asset', undefined, form))
    assert.equal(shown['asset_type'], 'document')
    const { url } = shown['content'] as { url: string }
    const file = await bar.anonymous.get(url.slice(bar.base.length))
    assert.equal(file.statusCode, 200)
    assert.match(String(file.headers['content-disposition']), /^attachment/)
    assert.deepEqual(file.rawPayload, image)
  })

  test('its table of errors', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const base = { title: 'T', source: SOURCE }
    const post = (form: Form) => ada.send('POST', 'asset', form)
    const upload = (image: Buffer) =>
      ada.send('POST', 'asset', undefined, multipart(base, { image, field: 'data', fileName: 'x.png' }))
    refusedAs(await post(base), 400, 'INVALID_INPUT', /one of url, text, data, dataurl/)
    refusedAs(await post({ ...base, text: 'x', url: 'https://example.org/' }), 400, 'INVALID_INPUT')
    refusedAs(await post({ ...base, data: 'x' }), 400, 'INVALID_INPUT')
    refusedAs(await post({ source: SOURCE, text: 'x' }), 400, 'INVALID_INPUT', /title/)
    refusedAs(await post({ title: 'T', text: 'x' }), 400, 'INVALID_INPUT', /source/)
    for (const dataurl of ['x', 'data:image/png,abc', 'data:;base64,a', 'data:image/png;base64,%%%%'])
      refusedAs(await post({ ...base, dataurl }), 400, 'INVALID_INPUT', /data URL/)
    refusedAs(await post({ ...base, dataurl: 'data:image/png;base64,' }), 400, 'FILE_UPLOAD_FAILED', /0/)
    refusedAs(await upload(Buffer.alloc(0)), 400, 'FILE_UPLOAD_FAILED', /size was 0/)
    refusedAs(await upload(Buffer.alloc(5 * 1024 * 1024 + 1)), 400, 'FILE_UPLOAD_FAILED', /large/)
    const broken = Buffer.concat([(await samplePicture({ width: 20, height: 20 })).subarray(0, 40)])
    refusedAs(await upload(broken), 500, 'FILE_UPLOAD_FAILED', /[Pp]rocessing/)
    refusedAs(await post({ ...base, text: 'x', collection_id: ['0'.repeat(24)] }), 404, 'RESOURCE_NOT_FOUND')
    refusedAs(await post({ ...base, url: 'ftp://example.org/' }), 400, 'INVALID_INPUT')
    assert.equal((await ada.get('assets')).json<{ total_records: number }>().total_records, 0)
  })

  test('use_prev takes over what was said of the same source', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    await note(ada, { title: 'First', description: 'With #salt' })
    bar.clock.advance(60)
    const again = objectOf(await ada.send('POST', 'asset', { source: SOURCE, text: 'More', use_prev: '1' }))
    assert.deepEqual([again['title'], again['description'], again['tags']], ['First', 'With #salt', ['salt']])
    const none = await ada.send('POST', 'asset', { source: `${SOURCE}2`, text: 'More', use_prev: '1' })
    refusedAs(none, 400, 'INVALID_INPUT')
  })

  test('goes into collections; needs a token that may upload', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const { id } = objectOf(await ada.send('POST', 'collection', { title: 'Bread' }))
    await note(ada, { collection_id: [String(id)] })
    assert.equal(recordsOf(await ada.get(`collection/${String(id)}/assets`)).length, 1)
    const reader = await bar.person('grace', { scopes: 'public' })
    refusedAs(await note(reader), 403, 'NOT_AUTHORIZED')
    refusedAs(await note(bar.anonymous), 401, 'NOT_AUTHORIZED')
  })
})

interface Sized {
  url: string
  dims: { w: number; h: number }
}

describe('GET, POST, DELETE asset/:asset_id', () => {
  test('is read by whoever may; others are told which it is', async () => {
    await using bar = await startGimmebar()
    const [ada, grace] = [await bar.person('ada'), await bar.person('grace')]
    const id = await idOf(ada)
    const hidden = await idOf(ada, { private: '1', text: 'Other' })
    assert.equal(objectOf(await grace.get(`asset/${id}`))['id'], id)
    assert.equal(objectOf(await ada.get(`asset/${hidden}.json`))['private'], true)
    refusedAs(await grace.get(`asset/${hidden}`), 403, 'NOT_AUTHORIZED')
    refusedAs(await grace.get(`asset/${'0'.repeat(24)}`), 404, 'RESOURCE_NOT_FOUND')
    refusedAs(await grace.get('asset/x'), 404, 'RESOURCE_NOT_FOUND')
    refusedAs(await bar.anonymous.get(`asset/${id}`), 401, 'NOT_AUTHORIZED')
    refusedAs(await grace.get(`asset/${id}?collection_id=${'0'.repeat(24)}`), 404, 'RESOURCE_NOT_FOUND')
  })

  test('public/asset/:asset_id needs nobody, and shows nothing private even to its owner', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const id = await idOf(ada)
    const hidden = await idOf(ada, { private: '1', text: 'Other' })
    assert.equal(objectOf(await bar.anonymous.get(`public/asset/${id}`))['id'], id)
    refusedAs(await ada.get(`public/asset/${hidden}`), 403, 'NOT_AUTHORIZED')
    refusedAs(await bar.anonymous.get(`public/asset/${'0'.repeat(24)}`), 404, 'RESOURCE_NOT_FOUND')
  })

  test('a change changes what it names; an empty text is input', async () => {
    await using bar = await startGimmebar()
    const [ada, grace] = [await bar.person('ada'), await bar.person('grace')]
    const id = await idOf(ada, { description: '#salt' })
    const renamed = objectOf(await ada.send('POST', `asset/${id}`, { title: 'New' }))
    assert.deepEqual([renamed['title'], renamed['tags']], ['New', ['salt']])
    const emptied = objectOf(await ada.send('POST', `asset/${id}?description=&private=1`))
    assert.deepEqual([emptied['description'], emptied['tags'], emptied['private']], ['', [], true])
    refusedAs(await grace.send('POST', `asset/${id}`, { title: 'x' }), 403, 'NOT_AUTHORIZED')
    await ada.send('POST', `asset/${id}`, { private: '0' })
    refusedAs(await grace.send('POST', `asset/${id}`, { title: 'x' }), 403, 'NOT_AUTHORIZED')
    refusedAs(await ada.send('POST', `asset/${'0'.repeat(24)}`, { title: 'x' }), 404, 'RESOURCE_NOT_FOUND')
  })

  test('deleting answers {"success":true}', async () => {
    await using bar = await startGimmebar()
    const [ada, grace] = [await bar.person('ada'), await bar.person('grace')]
    const id = await idOf(ada)
    refusedAs(await grace.send('DELETE', `asset/${id}`), 403, 'NOT_AUTHORIZED')
    assert.equal((await ada.send('DELETE', `asset/${id}`)).body, '{"success":true}')
    refusedAs(await ada.send('DELETE', `asset/${id}`), 404, 'RESOURCE_NOT_FOUND')
    refusedAs(await ada.get(`asset/${id}`), 404, 'RESOURCE_NOT_FOUND')
  })
})

describe('POST asset/:asset_id/copy, and dupes', () => {
  test('copies once what is somebody else’s and public', async () => {
    await using bar = await startGimmebar()
    const [ada, grace] = [await bar.person('ada'), await bar.person('grace')]
    const id = await idOf(ada)
    refusedAs(await ada.send('POST', `asset/${id}/copy`), 400, 'INVALID_INPUT', /your own/)
    const copy = objectOf(await grace.send('POST', `asset/${id}/copy`))
    assert.deepEqual([copy['title'], copy['username']], ['A note', 'grace'])
    refusedAs(await grace.send('POST', `asset/${id}/copy`), 400, 'INVALID_INPUT', /already own/)
    refusedAs(await grace.send('POST', `asset/${'0'.repeat(24)}/copy`), 404, 'RESOURCE_NOT_FOUND')
    const { dupes } = objectOf(await ada.get(`asset/${id}`)) as { dupes: { id: string }[] }
    assert.deepEqual(
      dupes.map((dupe) => dupe.id),
      [copy['id']],
    )
  })
})
