import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { importArchive } from '../../../src/interchange/archives/import-archive.ts'
import type { ArchiveService } from '../../../src/interchange/archives/services.ts'
import { hashOfText } from '../../../src/library/media-hash.ts'
import { temporaryFolder } from '../../helpers/folders.ts'
import { objectOf, recordsOf, startGimmebar, type Gimmebar } from '../../helpers/start-gimmebar.ts'
import type { Answer } from '../../helpers/vitrine.ts'

/** Its last word is not in the title any more. */
const longTweet = `A lighthouse keeper${' and the sea'.repeat(12)} and barnacles`

const files: [service: ArchiveService, text: string][] = [
  [
    'pinboard',
    JSON.stringify([
      {
        href: 'https://knots.example/',
        description: 'Knots',
        extended: 'For the harbour.',
        tags: 'rope Harbour',
        time: '2011-01-02T03:04:05Z',
      },
      { href: 'https://secret.example/', description: 'Secret', shared: 'no', tags: 'rope' },
    ]),
  ],
  [
    'delicious',
    '<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><DT><A HREF="https://knots.example/" TAGS="rope">Knots too</A></DL>',
  ],
  [
    'twitter',
    `window.YTD.tweets.part0 = ${JSON.stringify([{ tweet: { id_str: '1100000000000000001', full_text: longTweet, created_at: 'Sat Mar 02 10:20:30 +0000 2019' } }])}`,
  ],
  ['netscape', '<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><DT><A HREF="https://plain.example/">Plain</A></DL>'],
]

async function bringAll({ vitrine: { ctx } }: Gimmebar): Promise<void> {
  await using folder = await temporaryFolder()
  for (const [service, text] of files) {
    const path = join(folder.path, service === 'twitter' ? 'tweets.js' : service)
    await writeFile(path, text)
    const { failure, refused } = await importArchive(ctx, path, { service, accountLogin: 'ada' })
    assert.deepEqual([failure, refused], [null, 0])
  }
}

const titlesOf = (answer: Answer) =>
  recordsOf(answer)
    .map(({ title }) => String(title).slice(0, 'A lighthouse keeper'.length))
    .toSorted()

test('what was imported is there through the Gimme Bar face', async () => {
  await using bar = await startGimmebar()
  const ada = await bar.person('ada')
  const bob = await bar.person('bob')
  await bringAll(bar)

  const titles = async (query: string, who = ada) => titlesOf(await who.get(`assets${query}`))
  assert.deepEqual(await titles(''), ['A lighthouse keeper', 'Knots', 'Knots too', 'Plain', 'Secret'])
  assert.deepEqual(await titles('?include_backups=none'), ['Plain'])
  assert.deepEqual(await titles('?include_backups[]=pinboard'), ['Knots', 'Plain', 'Secret'])
  assert.deepEqual(await titles('?include_backups[]=twitter&include_backups[]=delicious'), [
    'A lighthouse keeper',
    'Knots too',
    'Plain',
  ])
  assert.deepEqual(await titles('?tag[]=harbour'), ['Knots'])
  assert.deepEqual(await titles('?tag[]=rope'), ['Knots', 'Knots too', 'Secret'])
  assert.deepEqual(await titles('?type=status'), ['A lighthouse keeper'])
  const hash = hashOfText('https://knots.example/')
  assert.deepEqual(await titles(`?hash=${hash}`), ['Knots', 'Knots too'])

  const mine = recordsOf(await ada.get('assets?tag[]=harbour'))[0]
  assert.deepEqual(
    { ...mine, id: '', user_id: '', short_url: '', short_url_token: '' },
    {
      id: '',
      asset_type: 'page',
      title: 'Knots',
      description: 'For the harbour.',
      tags: ['harbour', 'rope'],
      content: { original: 'https://knots.example/' },
      source: 'https://knots.example/',
      date: Date.parse('2011-01-02T03:04:05Z') / 1000,
      media_hash: hash,
      size: 0,
      mime_type: '',
      private: false,
      user_id: '',
      username: 'ada',
      short_url: '',
      short_url_token: '',
    },
  )
  const uid = String(mine?.['id'])
  assert.equal(objectOf(await bob.get(`asset/${uid}`))['title'], 'Knots')
  const secret = recordsOf(await ada.get('assets?private=1')).find(({ title }) => title === 'Secret')
  assert.equal(secret?.['private'], true)
  assert.notEqual((await bob.get(`asset/${String(secret['id'])}`)).statusCode, 200)

  assert.deepEqual(titlesOf(await ada.get('assets/search?terms=barnacles')), ['A lighthouse keeper'])
  assert.deepEqual(titlesOf(await ada.get('assets/search?terms=harbour')), ['Knots'])
})
