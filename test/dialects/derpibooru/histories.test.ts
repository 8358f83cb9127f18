import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { removeAccount } from '../../../src/library/account-removal.ts'
import { changeCollected } from '../../../src/library/collected-change.ts'
import { copyItem } from '../../../src/library/copying.ts'
import { changeItem, removeItem } from '../../../src/library/items.ts'
import { mergeItem, takeDownItem } from '../../../src/library/moderation.ts'
import { addAlias, addImplication } from '../../../src/library/tag-relations.ts'
import { OPERATOR } from '../../../src/library/viewer.ts'
import { startBooru, type Booru } from '../../helpers/started-booru.ts'
import { same, START } from './objects.ts'

// /images/NNN/tag_changes.json and /images/NNN/source_changes.json.

interface TagChange {
  id: number
  tag: string
  added: boolean
  user_id: number | null
  user: string
}
interface SourceChange {
  id: number
  old_source_url: string | null
  new_source_url: string | null
  user: string
}

/** Newest first, as `+name` and `-name`. */
async function tagsAt(booru: Booru, id: number, query = ''): Promise<string[]> {
  const rows = await booru.get<TagChange[]>(`/images/${id}/tag_changes.json${query}`)
  return rows.map(({ tag, added }) => `${added ? '+' : '-'}${tag}`)
}

async function sourcesAt(booru: Booru, id: number, query = ''): Promise<string[]> {
  const rows = await booru.get<SourceChange[]>(`/images/${id}/source_changes.json${query}`)
  return rows.map(({ old_source_url, new_source_url }) => `${old_source_url} > ${new_source_url}`)
}

describe('/images/NNN/tag_changes.json', () => {
  test('whole: what came and went since the upload, by whom and when', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada', { name: 'Ada L' })
    const id = await booru.add(ada, { tags: ['boat', 'red'] })
    same(await booru.get(`/images/${id}/tag_changes.json`), [])

    booru.clock.advance(60)
    const answer = await ada.put(`/v2/shots/${id}`, { tags: ['boat', 'kite'] })
    assert.equal(answer.statusCode, 200)
    const made = { user_id: ada.id, user: 'Ada L', created_at: START.replace('05:06', '05:07') }
    const rows = await booru.get<TagChange[]>(`/images/${id}/tag_changes.json`)
    same(rows, [
      { id: rows[0]?.id, image_id: id, tag: 'kite', added: true, ...made },
      { id: rows[1]?.id, image_id: id, tag: 'red', added: false, ...made },
    ])
    same(await booru.get(`/images/${id}/tag_changes`, { headers: { accept: 'application/json' } }), rows)
  })

  test('a change that leaves the tags as they are is none', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const id = await booru.add(ada, { tags: ['boat'] })
    await ada.put(`/v2/shots/${id}`, { tags: ['boat'] })
    await ada.put(`/v2/shots/${id}`, { title: 'Another title' })
    assert.deepEqual(await tagsAt(booru, id), [])
  })

  test('has pages of 20, and those added or removed by themselves', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const id = await booru.add(ada, { tags: ['first'] })
    const names = Array.from({ length: 21 }, (_, at) => `tag ${String(at).padStart(2, '0')}`)
    await changeItem(booru.ctx, ada.viewer, id, { tags: names })
    const newest = names.toReversed().map((name) => `+${name}`)
    assert.deepEqual(await tagsAt(booru, id), newest.slice(0, 20))
    assert.deepEqual(await tagsAt(booru, id, '?page=2'), [...newest.slice(20), '-first'])
    assert.deepEqual(await tagsAt(booru, id, '?page=3'), [])
    assert.deepEqual(await tagsAt(booru, id, '?added=0'), ['-first'])
    assert.deepEqual(await tagsAt(booru, id, '?added=1&page=2'), newest.slice(20))
    assert.deepEqual(await tagsAt(booru, id, '?added=2'), newest.slice(0, 20))
  })

  test('tells of every way in which tags change', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const mod = await booru.member('mod', { role: 'moderator' })
    const id = await booru.add(ada, { tags: ['boat'], description: 'in #harbour' })

    await changeCollected(booru.ctx, ada.viewer, id, { description: 'at #sea' })
    assert.deepEqual(await tagsAt(booru, id), ['+sea', '-boat'])

    await addAlias(booru.ctx, mod.viewer, { name: 'sea', target: 'ocean' })
    assert.deepEqual(await tagsAt(booru, id), ['+ocean', '-sea', '+sea', '-boat'])

    await addImplication(booru.ctx, OPERATOR, { name: 'ocean', implies: 'water' })
    assert.deepEqual(await tagsAt(booru, id), ['+water', '+ocean', '-sea', '+sea', '-boat'])

    const other = await booru.add(ada, { tags: ['kite'] })
    await mergeItem(booru.ctx, mod.viewer, other, id)
    const rows = await booru.get<TagChange[]>(`/images/${id}/tag_changes.json`)
    assert.deepEqual(
      rows.map(({ tag, user, user_id }) => [tag, user, user_id]),
      [
        ['kite', 'mod', mod.id],
        ['water', 'Background Pony', null],
        ['ocean', 'mod', mod.id],
        ['sea', 'mod', mod.id],
        ['sea', 'ada', ada.id],
        ['boat', 'ada', ada.id],
      ],
    )
  })

  test('a copy begins without one', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const brook = await booru.member('brook')
    const id = await booru.add(ada, { tags: ['boat'] })
    await ada.put(`/v2/shots/${id}`, { tags: ['kite'] })
    const copy = await copyItem(booru.ctx, brook.viewer, id)
    assert.deepEqual(await tagsAt(booru, copy.id), [])
  })
})

describe('/images/NNN/source_changes.json', () => {
  test('whole: the source before and after', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const id = await booru.add(ada)
    const [one, two] = ['https://fell.example/1', 'https://fell.example/2']
    await changeItem(booru.ctx, ada.viewer, id, { sourceUrl: one })
    await changeItem(booru.ctx, ada.viewer, id, { title: 'The same source' })
    await changeItem(booru.ctx, ada.viewer, id, { sourceUrl: one })
    await changeItem(booru.ctx, ada.viewer, id, { sourceUrl: two })
    await changeItem(booru.ctx, ada.viewer, id, { sourceUrl: '' })
    assert.deepEqual(await sourcesAt(booru, id), [`${two} > null`, `${one} > ${two}`, `null > ${one}`])
    assert.deepEqual(await sourcesAt(booru, id, '?added=1'), [`${one} > ${two}`, `null > ${one}`])
    assert.deepEqual(await sourcesAt(booru, id, '?added=0'), [`${two} > null`])
    assert.deepEqual(await sourcesAt(booru, id, '?page=2'), [])
    const [newest] = await booru.get<SourceChange[]>(`/images/${id}/source_changes.json`)
    same(newest, {
      id: newest?.id,
      image_id: id,
      old_source_url: two,
      new_source_url: null,
      user_id: ada.id,
      user: 'ada',
      created_at: START,
    })
  })
})

describe('who is told', () => {
  const lists = ['tag_changes', 'source_changes']
  const statusOf = async (booru: Booru, path: string) => (await booru.ask(path)).statusCode

  test('whoever may see the image; a deleted one is told of, its history is not', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const mod = await booru.member('mod', { role: 'moderator' })
    const id = await booru.add(ada, { visibility: 'private' })
    const change = { tags: ['kite'], sourceUrl: 'https://fell.example/' }
    await changeItem(booru.ctx, ada.viewer, id, change)
    for (const list of lists) {
      assert.equal(await statusOf(booru, `/images/${id}/${list}.json`), 404)
      assert.equal(await statusOf(booru, `/images/99/${list}.json`), 404)
      assert.equal(await statusOf(booru, `/images/x/${list}.json`), 404)
      assert.equal((await booru.get<[]>(`/images/${id}/${list}.json?key=${ada.key}`)).length, 1)
    }
    await changeItem(booru.ctx, ada.viewer, id, { visibility: 'public' })
    await takeDownItem(booru.ctx, mod.viewer, id, 'spam')
    for (const list of lists) {
      const answer = await booru.ask(`/images/${id}/${list}.json`)
      assert.deepEqual([answer.statusCode, answer.data()], [423, { message: 'This image has been deleted.' }])
      assert.equal((await booru.get<[]>(`/images/${id}/${list}.json?key=${mod.key}`)).length, 1)
    }
  })

  test('not who an anonymous uploader is, but who else changed something', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const boss = await booru.member('boss', { role: 'admin' })
    const id = await booru.add(ada, { anonymous: true })
    await changeItem(booru.ctx, ada.viewer, id, { tags: ['kite'], sourceUrl: 'https://fell.example/' })
    await changeItem(booru.ctx, boss.viewer, id, { tags: ['kite', 'red'] })
    const rows = await booru.get<TagChange[]>(`/images/${id}/tag_changes.json`)
    assert.deepEqual(
      rows.map(({ tag, user, user_id }) => [tag, user, user_id]),
      [
        ['red', 'boss', boss.id],
        ['kite', 'Background Pony', null],
      ],
    )
    for (const list of lists) {
      const { body } = await booru.ask(`/images/${id}/${list}.json`)
      assert.ok(!body.includes('ada'), body)
      assert.ok(!body.includes(`"user_id":${ada.id},`), body)
    }
  })

  test('what somebody did stays when they go; with the image its history goes too', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const boss = await booru.member('boss', { role: 'admin' })
    const id = await booru.add(ada, { tags: ['boat'] })
    const change = { tags: ['kite'], sourceUrl: 'https://fell.example/' }
    await changeItem(booru.ctx, boss.viewer, id, change)
    const nobody = async (list: string) =>
      (await booru.get<TagChange[]>(`/images/${id}/${list}.json`)).map(({ user, user_id }) => [user, user_id])
    assert.deepEqual(await nobody('source_changes'), [['boss', boss.id]])
    await removeAccount(booru.ctx, boss.viewer, boss.id)
    assert.deepEqual(await nobody('source_changes'), [['Background Pony', null]])
    assert.deepEqual(await tagsAt(booru, id), ['+kite', '-boat'])

    await removeItem(booru.ctx, ada.viewer, id)
    for (const table of ['tag_change', 'source_change'] as const)
      assert.deepEqual(await booru.ctx.db.selectFrom(table).selectAll().execute(), [])
  })
})
