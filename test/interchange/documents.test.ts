import assert from 'node:assert/strict'
import { importFile } from '../../src/interchange/import/file.ts'
import { docxOf } from '../helpers/documents.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { header, openArchive } from './archive.ts'

onEachDatabase('documents that come with an archive are read for searches', async (database) => {
  await using archive = await openArchive(database)
  const { ctx } = archive
  await archive.put('media/log.docx', docxOf('<w:p><w:t>Herring LOG of spring</w:t></w:p>'))
  const item = { type: 'item', owner: 'ada', title: 'Log' }
  const path = await archive.write('a.jsonl', [
    header,
    { type: 'account', login: 'ada' },
    { ...item, id: 3, kind: 'document', media: 'media/log.docx' },
    { ...item, id: 4, kind: 'document' },
    { ...item, id: 5, kind: 'audio', media: 'media/log.docx' },
  ])
  const { problems, added } = await importFile(ctx, path)
  assert.deepEqual([problems, added.item], [[], 3])
  await archive.runJobs()
  const texts = await ctx.db.selectFrom('item_text').select(['item_id', 'text']).execute()
  assert.deepEqual(
    texts.map(({ item_id, text }) => [item_id, text]),
    [[3, 'herring log of spring']],
  )
  const changes = await ctx.db
    .selectFrom('change')
    .select(['noun_id', 'op'])
    .where('noun', '=', 'item')
    .orderBy('id')
    .execute()
  assert.deepEqual({ ...changes.at(-1) }, { noun_id: 3, op: 'change' })
})
