import { after, before, describe, test } from 'node:test'
import {
  desktopApp,
  objectOf,
  refusedAs,
  startGimmebar,
  type Collector,
  type DesktopApp,
  type Form,
  type Gimmebar,
} from './start-gimmebar.ts'
import type { Answer } from './vitrine.ts'

export const NO_ID = '0'.repeat(24)
export const NO_USER = '0'.repeat(32)
export const SOURCE = 'https://example.org/a-page'

/** What the rows are about: everything public is Ada's, and so is what nobody else sees. */
export interface Scene {
  bar: Gimmebar
  ada: Collector
  grace: Collector
  app: DesktopApp
  unapproved: DesktopApp
  graceId: string
  asset: string
  hidden: string
  hers: string
  /** A copy that Grace has made already. */
  copied: string
  collection: string
  secret: string
}

/** A type, an HTTP code and a reason as the page prints them; a request that is refused so; our wording. */
export type Row = [row: string, ask: (scene: Scene) => Promise<Answer>, wording: RegExp]

const add = async (who: Collector, what: string, form: Form) =>
  String(objectOf(await who.send('POST', what, form))['id'])
const note = (who: Collector, title: string, form: Form = {}) =>
  add(who, 'asset', { title, source: SOURCE, text: title, ...form })

async function openScene(): Promise<Scene> {
  const bar = await startGimmebar({ settings: { VITRINE_GIMMEBAR_AUTO_APPROVE: 'off' } })
  const [ada, grace] = [await bar.person('ada'), await bar.person('grace')]
  const copied = await note(ada, 'Copied')
  await grace.send('POST', `asset/${copied}/copy`)
  return {
    bar,
    ada,
    grace,
    app: await desktopApp(bar, ada),
    unapproved: await desktopApp(bar, ada, { approved: false }),
    graceId: String(objectOf(await ada.get('users?username=grace'))['id']),
    asset: await note(ada, 'One'),
    hidden: await note(ada, 'Hidden', { private: '1' }),
    hers: await note(grace, 'Hers'),
    copied,
    collection: await add(ada, 'collection', { title: 'Bread' }),
    secret: await add(ada, 'collection', { title: 'Secret', private: '1' }),
  }
}

/** Declares one test for each row, all on one library, in which nothing is changed by what is refused. */
export function testRows(
  methods: Record<string, readonly Row[]>,
  more: (scene: () => Scene) => void = () => undefined,
): void {
  describe('the tables of errors, row by row', () => {
    let scene: Scene
    before(async () => {
      scene = await openScene()
    })
    after(() => scene.bar[Symbol.asyncDispose]())

    for (const [method, rows] of Object.entries(methods))
      describe(method, () => {
        for (const [row, ask, wording] of rows)
          test(row, async () => {
            const [name = '', status = ''] = row.split(' ')
            refusedAs(await ask(scene), Number(status), name, wording)
          })
      })
    more(() => scene)
  })
}
