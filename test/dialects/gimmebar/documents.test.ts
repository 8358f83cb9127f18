import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { webServer } from '../../fetching/servers.ts'
import { docxOf, pdfOfWords } from '../../helpers/documents.ts'
import {
  multipart,
  objectOf,
  recordsOf,
  startGimmebar,
  type Collector,
  type Gimmebar,
} from '../../helpers/start-gimmebar.ts'

const SOURCE = 'https://example.org/a-paper'
const pdf = (words: string, title?: string) =>
  pdfOfWords({ pages: [['First page'], [words]], ...(title ? { title } : {}), author: 'Bo Hering' })

/** Uploads a document with a title and waits for the work that it makes. */
async function upload(bar: Gimmebar, who: Collector, title: string, image: Buffer): Promise<string> {
  const form = multipart({ title, source: SOURCE }, { field: 'data', fileName: 'paper.pdf', image })
  const made = objectOf(await who.send('POST', 'asset', undefined, form))
  assert.equal(made['asset_type'], 'document')
  await bar.vitrine.runJobs()
  return String(made['id'])
}

async function found(who: Collector, terms: string): Promise<string[]> {
  const answer = await who.get(`assets/search?terms=${encodeURIComponent(terms)}`)
  return recordsOf(answer).map(({ title }) => String(title))
}

describe('searches find documents by what is written in them', () => {
  test('a PDF that was uploaded: words of its pages, its own title and author', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const id = await upload(bar, ada, 'Paper', pdf('The Saltmarsh survey', 'Tide tables'))
    await upload(bar, ada, 'Other', pdf('Nothing of that'))
    for (const terms of ['saltmarsh', 'SURVEY first', 'tide', 'hering'])
      assert.ok((await found(ada, terms)).includes('Paper'), terms)
    assert.deepEqual(await found(ada, 'saltmarsh'), ['Paper'])
    // The title is the one that was given.
    assert.equal(objectOf(await ada.get(`asset/${id}`))['title'], 'Paper')
  })

  test('a data URL of an office document, and a copy that was made before it was read', async () => {
    await using bar = await startGimmebar()
    const [ada, bo] = [await bar.person('ada'), await bar.person('bo')]
    const docx = docxOf('<w:p><w:t>Herring in brine</w:t></w:p>')
    const dataUrl = `data:application/octet-stream;base64,${docx.toString('base64')}`
    const made = objectOf(
      await ada.send('POST', 'asset', { title: 'Recipe', source: SOURCE, dataurl: dataUrl }),
    )
    assert.deepEqual([made['asset_type'], await found(ada, 'brine')], ['document', []])
    objectOf(await bo.send('POST', `asset/${String(made['id'])}/copy`, {}))
    await bar.vitrine.runJobs()
    assert.deepEqual([await found(ada, 'brine'), await found(bo, 'brine')], [['Recipe'], ['Recipe']])
    // Nothing is left to do, and doing it again changes nothing.
    const { ctx, handlers } = bar.vitrine
    const before = await ctx.db.selectFrom('change').selectAll().execute()
    const [item] = await ctx.db.selectFrom('item').select('id').execute()
    await handlers['read-document']?.({ id: 1, kind: 'read-document', payload: { item: item?.id }, attempt: 1, last: false }) // prettier-ignore
    assert.deepEqual(await ctx.db.selectFrom('change').selectAll().execute(), before)
  })

  test('a PDF at an address', async () => {
    await using web = await webServer((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end(pdf('Fetched from the quay')),
    )
    const settings = { VITRINE_FETCH_ALLOW: '127.0.0.1/32', VITRINE_CHROMIUM: 'off' }
    await using bar = await startGimmebar({ settings })
    const ada = await bar.person('ada')
    const url = `${web.url}/paper.pdf`
    const made = objectOf(await ada.send('POST', 'asset', { title: 'Away', source: url, url }))
    assert.equal(made['asset_type'], 'document')
    await bar.vitrine.runJobs()
    assert.deepEqual(await found(ada, 'fetched quay'), ['Away'])
  })

  test('a document that cannot be read is kept as it is', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const id = await upload(bar, ada, 'Broken', Buffer.from('%PDF-1.7\nnothing else'))
    assert.equal(objectOf(await ada.get(`asset/${id}`))['asset_type'], 'document')
    assert.deepEqual(await found(ada, 'broken'), ['Broken'])
    assert.equal((await bar.vitrine.ctx.db.selectFrom('job').selectAll().execute()).filter(({ kind }) => kind === 'read-document').length, 0) // prettier-ignore
  })
})
