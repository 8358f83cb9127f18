import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listOf, same, startTookapic } from '../../helpers/start-tookapic.ts'

test('GET /tags: the most used first, counting the photos that everybody may see', async () => {
  await using tookapic = await startTookapic()
  const ada = await tookapic.person('ada')
  await tookapic.photo(ada, { tags: ['sea', 'friday', 'a & b'] })
  await tookapic.photo(ada, { tags: ['sea', 'friday'] })
  await tookapic.photo(ada, { tags: ['sea'] })
  for (let n = 0; n < 4; n += 1)
    await tookapic.photo(ada, { tags: ['secret', 'a & b'], visibility: 'private' })
  await tookapic.photo(ada, { kind: 'text', tags: ['written'] })
  const tag = (name: string, path: string, count: number) => ({
    name,
    url: `${tookapic.base}/tags/${path}`,
    count_photos: count,
  })
  const expected = [tag('sea', 'sea', 3), tag('friday', 'friday', 2), tag('a & b', 'a%20%26%20b', 1)]
  for (const who of [tookapic.anonymous, ada]) {
    same(listOf(await who.get('/tags')), expected)
    same(listOf(await who.get('/tags?sort=popular')), expected)
  }
})

test('GET /tags/:name takes a name in any case, spaces and signs encoded; its address leads there', async () => {
  await using tookapic = await startTookapic()
  const ada = await tookapic.person('ada')
  const id = await tookapic.photo(ada, { tags: ['a & b', 'żółw/łódź', '100%'] })
  for (const path of ['a%20%26%20b', 'A%20%26%20B', '%20a%20%26%20b'])
    assert.deepEqual(
      listOf(await tookapic.anonymous.get(`/tags/${path}`)).map((photo) => photo['id']),
      [id],
    )
  for (const { url } of listOf(await ada.get('/tags')))
    assert.equal(listOf(await ada.get(String(url))).length, 1, String(url))
  for (const path of ['a', '%00', 'nothing']) assert.equal((await ada.get(`/tags/${path}`)).statusCode, 404)
})

test('a tag that stands for another leads to it', async () => {
  await using tookapic = await startTookapic()
  const ada = await tookapic.person('ada')
  await tookapic.photo(ada, { tags: ['sea'] })
  const { db } = tookapic.vitrine.ctx
  const { id } = await db.selectFrom('tag').select('id').executeTakeFirstOrThrow()
  await db.insertInto('tag_alias').values({ name: 'ocean', target_id: id, created_ms: 0 }).execute()
  assert.equal(listOf(await tookapic.anonymous.get('/tags/ocean')).length, 1)
})
