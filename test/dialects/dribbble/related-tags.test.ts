import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addAlias, addImplication } from '../../../src/library/tag-relations.ts'
import { OPERATOR } from '../../../src/library/viewer.ts'
import { startVitrine } from '../../helpers/vitrine.ts'

// Aliases and implications are the library's: what comes in through any face is tagged by them.
test('a shot gets the tags that its own stand for and bring along', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  await addAlias(vitrine.ctx, OPERATOR, { name: 'boat', target: 'ship' })
  await addImplication(vitrine.ctx, OPERATOR, { name: 'ship', implies: 'water' })

  const id = await vitrine.upload(ada, { title: 'Harbour', tags: ['Boat', 'oc:mina'] })
  const shot = await ada.get(`/v2/shots/${id}`)
  assert.deepEqual(Object(shot.data()).tags, ['oc', 'oc:mina', 'ship', 'water'])

  const changed = await ada.put(`/v2/shots/${id}`, { tags: ['boat', 'sea'] })
  assert.equal(changed.statusCode, 200)
  assert.deepEqual(Object(changed.data()).tags, ['sea', 'ship', 'water'])
})
