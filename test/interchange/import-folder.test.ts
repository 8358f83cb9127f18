import assert from 'node:assert/strict'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { importFolder } from '../../src/interchange/import/folder.ts'
import { addAccount } from '../../src/library/accounts.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { samplePicture } from '../helpers/pictures.ts'
import { refused } from '../library/gathering.ts'
import { openArchive } from './archive.ts'

onEachDatabase('the pictures of a folder become items, once', async (database) => {
  await using archive = await openArchive(database, { VITRINE_UPLOADS_PER_DAY: '1' })
  const { ctx } = archive
  await addAccount(ctx, { login: 'ada' })
  await addAccount(ctx, { login: 'bob' })
  const picture = (seed: number) => samplePicture({ width: 40, height: 30, seed })
  await archive.put('in/b/harbour_at-dawn.PNG', await picture(1))
  await archive.put('in/a.png', await picture(2))
  await archive.put('in/b/2020-01-02.png', await picture(3))
  await archive.put('in/b/twin.png', await picture(2))
  await archive.put('in/.hidden.png', await picture(4))
  await archive.put('in/.git/x.png', await picture(5))
  await archive.put('in/notes.txt', Buffer.from('words'))
  await archive.put('in/c.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))
  await archive.put('in/cut.png', (await picture(6)).subarray(0, 80))
  await archive.put('elsewhere/x.png', await picture(7))
  await symlink('../elsewhere/x.png', join(archive.folder, 'in/link.png'))

  const folder = join(archive.folder, 'in')
  const seen: [number, number][] = []
  const options = {
    accountLogin: 'ada',
    tags: ['Holiday', 'sea'],
    onProgress: (done: number, total: number) => void seen.push([done, total]),
  }
  const report = await importFolder(ctx, folder, options)
  assert.deepEqual([report.files, report.added, report.present], [6, 3, 1])
  assert.deepEqual(
    report.problems.map(({ file }) => file),
    ['c.svg', 'cut.png'],
  )
  assert.ok(report.problems.every(({ problem }) => problem.length > 0 && !problem.includes(archive.folder)))
  assert.deepEqual(
    seen,
    [1, 2, 3, 4, 5, 6].map((done) => [done, 6]),
  )

  const items = await ctx.db.selectFrom('item').selectAll().orderBy('id').execute()
  assert.deepEqual(
    items.map(({ title, file_name }) => [title, file_name]),
    [
      ['a', 'a.png'],
      ['2020-01-02', '2020-01-02.png'],
      ['harbour at dawn', 'harbour_at-dawn.PNG'],
    ],
  )
  const tags = await ctx.db.selectFrom('tag').select(['name', 'items_count']).orderBy('name').execute()
  assert.deepEqual(
    tags.map(({ name, items_count }) => [name, items_count]),
    [
      ['holiday', 3],
      ['sea', 3],
    ],
  )

  assert.deepEqual((await importFolder(ctx, folder, options)).present, 4)
  assert.equal(
    (await importFolder(ctx, folder, { accountLogin: 'bob' })).added,
    3,
    'each account has its own',
  )
  await refused(importFolder(ctx, folder, { accountLogin: 'nobody' }), { kind: 'not_found' })
  await assert.rejects(importFolder(ctx, join(folder, 'absent'), options), { code: 'ENOENT' })
})
