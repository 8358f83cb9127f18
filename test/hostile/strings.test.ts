import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderWith } from '../../src/dialects/dribbble/html.ts'
import { addAccount } from '../../src/library/accounts.ts'
import { cleanTagNames } from '../../src/library/tags.ts'
import { samplePicture } from '../helpers/pictures.ts'
import { multipart, startVitrine, type Answer, type Person, type Vitrine } from '../helpers/vitrine.ts'
import { asUtf8, naughtyStrings, TELLS_TOO_MUCH } from './naughty-strings.ts'
import { assertSafeLinks, readStrictly } from './strict-html.ts'

const OFF = { VITRINE_DRIBBBLE_V1_LIMITS: 'off', VITRINE_DRIBBBLE_V2_LIMITS: 'off' }

/** One way of sending the fields of a shot. Multipart is how one is made, further down. */
interface Way {
  name: string
  /** The string as it arrives that way. */
  arrives: (text: string) => string
  put: (ada: Person, id: number, fields: Fields) => Promise<Answer>
}
interface Fields {
  title?: string
  description?: string
  tags?: string[]
}

const ways: readonly Way[] = [
  {
    name: 'JSON',
    arrives: (text) => text,
    put: (ada, id, fields) => ada.put(`/v2/shots/${id}`, { ...fields }),
  },
  {
    name: 'a form',
    arrives: asUtf8,
    put(ada, id, { tags = [], ...texts }) {
      const form = new URLSearchParams(texts)
      for (const tag of tags) form.append('tags[]', tag)
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      return ada.put(`/v2/shots/${id}`, undefined, { headers, payload: form.toString() })
    },
  },
]

/** Which of these fields must be refused: what is blank, too long, or cannot be stored. */
function wrongFields({ title, description, tags }: Fields): string[] {
  const unstorable = (text: string) => text.includes('\0') || /\p{Cs}/u.test(text)
  const wrong: string[] = []
  if (title !== undefined && (title.trim() === '' || title.length > 255 || unstorable(title)))
    wrong.push('title')
  if (description !== undefined && description.trim() !== '' && unstorable(description))
    wrong.push('description')
  const clean = cleanTagNames(tags ?? [])
  if (clean.length > 12 || clean.some((tag) => Buffer.byteLength(tag) > 255)) wrong.push('tags')
  return wrong
}

interface Shot {
  title: string
  description: string | null
  tags: string[]
  html_url: string
  images: { teaser: string }
}

/** The fields of a shot as they are stored. */
async function stored({ ctx }: Vitrine, id: number) {
  const { title, description } = await ctx.db
    .selectFrom('item')
    .select(['title', 'description'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const rows = await ctx.db
    .selectFrom('item_tag')
    .innerJoin('tag', 'tag.id', 'item_tag.tag_id')
    .select('tag.name')
    .where('item_tag.item_id', '=', id)
    .execute()
  return { title, description, tags: cleanTagNames(rows.map(({ name }) => name)) }
}

for (const way of ways)
  test(`every naughty string in title, description and tags, sent as ${way.name}`, async () => {
    await using vitrine = await startVitrine({ settings: OFF })
    const ada = await vitrine.person('ada')
    const id = await vitrine.upload(ada)
    let before = await stored(vitrine, id)
    for (const text of naughtyStrings) {
      const all: Fields = { title: text, description: text, tags: [text] }
      const arriving = arrived(all, way)
      const wrong = wrongFields(arriving)
      if (wrong.length > 0) {
        const refused = await way.put(ada, id, all)
        assert.equal(refused.statusCode, 422, `${JSON.stringify(text)}: ${refused.body}`)
        const { errors } = refused.data() as { errors: { attribute: string }[] }
        for (const { attribute } of errors)
          assert.ok(wrong.includes(attribute), `${attribute} of ${JSON.stringify(text)}`)
        assert.doesNotMatch(refused.body, TELLS_TOO_MUCH)
        assert.deepEqual(await stored(vitrine, id), before, 'a refusal changes nothing')
      }
      const sound = Object.fromEntries(Object.entries(all).filter(([name]) => !wrong.includes(name)))
      const changed = await way.put(ada, id, sound)
      assert.equal(changed.statusCode, 200, `${JSON.stringify(text)}: ${changed.body}`)
      const wanted = wantedAfter(before, arrived(sound, way))
      before = await stored(vitrine, id)
      assert.deepEqual(before, wanted, JSON.stringify(text))
      compareServed(changed.data() as Shot, wanted)
      if (way.name === 'JSON') await compareElsewhere(vitrine, id)
    }
  })

function arrived({ title, description, tags }: Fields, { arrives }: Way): Fields {
  return {
    ...(title === undefined ? {} : { title: arrives(title) }),
    ...(description === undefined ? {} : { description: arrives(description) }),
    ...(tags === undefined ? {} : { tags: tags.map((tag) => arrives(tag)) }),
  }
}

type Stored = Awaited<ReturnType<typeof stored>>

function wantedAfter(before: Stored, { title, description, tags }: Fields): Stored {
  return {
    title: title ?? before.title,
    description:
      description === undefined ? before.description : description.trim() === '' ? null : description,
    tags: tags === undefined ? before.tags : cleanTagNames(tags),
  }
}

/** What is served: the title as it is, the tags as they are cleaned, the description as safe HTML of the same text. */
function compareServed(shot: Shot, { title, description, tags }: Stored): void {
  assert.equal(shot.title, title)
  assert.deepEqual(shot.tags, tags)
  compareHtml(shot.description, description)
}

const again = renderWith(() => undefined)

function compareHtml(html: string | null, source: string | null): void {
  if (source === null) assert.equal(html, null)
  if (html === null || source === null) return
  const reading = readStrictly(html)
  assertSafeLinks(reading)
  assert.equal(again.paragraphs(html), html, 'cleaning it again changes nothing')
  // Where the author wrote no markup, every character is there.
  if (!/[<&]/.test(source)) assert.equal(squeezed(reading.text), squeezed(source))
}

const squeezed = (text: string) => text.replaceAll(/\s+/g, ' ').trim()

/** The same in JSONP, at the address of its page, and at the addresses of its pictures. */
async function compareElsewhere({ anonymous }: Vitrine, id: number): Promise<void> {
  const plain = await anonymous.get(`/v1/shots/${id}`)
  const wrapped = await anonymous.get(`/v1/shots/${id}?callback=app.show`)
  assert.match(String(wrapped.headers['content-type']), /^application\/javascript/)
  assert.doesNotMatch(wrapped.body, /[<\u2028\u2029]/)
  const [, json = ''] = /^\/\*\*\/app\.show\((.*)\)$/s.exec(wrapped.body) ?? []
  assert.deepEqual((JSON.parse(json) as { data: unknown }).data, plain.data())

  const { html_url: page, images } = plain.data() as Shot
  assert.equal(new URL(page).href, page, 'the address is spelt as an address is')
  const led = await anonymous.get(page)
  assert.equal(led.statusCode, 303, page)
  assert.ok(URL.canParse(String(led.headers.location)))
  assert.equal((await anonymous.get(images.teaser)).statusCode, 200, images.teaser)
}

test('every naughty string as the name and the words of an account', async () => {
  await using vitrine = await startVitrine({ settings: OFF })
  let n = 0
  for (const text of naughtyStrings) {
    const unstorable = text.includes('\0') || /\p{Cs}/u.test(text)
    const login = `someone-${n++}`
    const adding = addAccount(vitrine.ctx, { login, name: text, bio: text, location: text })
    if (unstorable || text.trim() === '' || Array.from(text).length > 255) {
      await assert.rejects(adding, { name: 'LibraryError' }, JSON.stringify(text))
      continue
    }
    const someone = await adding
    const row = await vitrine.ctx.db
      .selectFrom('account')
      .select(['name', 'bio', 'location'])
      .where('id', '=', someone.id)
      .executeTakeFirstOrThrow()
    assert.deepEqual({ ...row }, { name: text, bio: text, location: text })
    const shown = (await vitrine.anonymous.get(`/v1/users/${login}`)).data() as Record<string, string | null>
    assert.deepEqual([shown['name'], shown['location']], [text, text])
    compareBio(shown['bio'] ?? null, text)
  }
})

function compareBio(html: string | null, source: string): void {
  if (html === null) return
  const reading = readStrictly(html)
  assertSafeLinks(reading)
  assert.equal(again.inline(html), html)
  if (!/[<&]/.test(source)) assert.equal(squeezed(reading.text), squeezed(source))
}

// API v2 shots, "Create a shot"
test('every naughty string when a shot is made, sent as multipart, its file name included', async () => {
  await using vitrine = await startVitrine({ settings: OFF })
  const ada = await vitrine.person('ada')
  const image = await samplePicture({ width: 400, height: 300 })
  for (const text of naughtyStrings) {
    const arriving = asUtf8(text)
    const fields = { title: text, description: text, tags: [text] }
    const wrong = wrongFields({ title: arriving, description: arriving, tags: [arriving] })
    const made = await ada.post('/v2/shots', undefined, multipart(fields, { image, fileName: quoted(text) }))
    if (wrong.length > 0) {
      assert.equal(made.statusCode, 422, `${JSON.stringify(text)}: ${made.body}`)
      continue
    }
    assert.equal(made.statusCode, 202, `${JSON.stringify(text)}: ${made.body}`)
    const id = Number(/\/v2\/shots\/(\d+)$/.exec(String(made.headers.location))?.[1])
    assert.deepEqual(
      await stored(vitrine, id),
      wantedAfter(
        { title: null, description: null, tags: [] },
        { title: arriving, description: arriving, tags: [arriving] },
      ),
    )
  }
})

/** As browsers write a file name into a multipart head (HTML, "multipart/form-data encoding algorithm"). */
const quoted = (name: string) => name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

test('every naughty string as the name of an attached file', async () => {
  await using vitrine = await startVitrine({ settings: OFF })
  const ada = await vitrine.person('ada', { pro: true })
  const id = await vitrine.upload(ada)
  for (const text of naughtyStrings) {
    const file = { image: Buffer.from('just text'), field: 'file', fileName: quoted(text) }
    const made = await ada.post(`/v2/shots/${id}/attachments`, undefined, multipart({}, file))
    assert.equal(made.statusCode, 202, `${JSON.stringify(text)}: ${made.body}`)
  }
  const { attachments } = (await ada.get(`/v2/shots/${id}`)).data() as { attachments: { url: string }[] }
  assert.ok(attachments.length > 500)
  for (const { url } of attachments) {
    assert.equal(new URL(url).href, url)
    const { statusCode, headers, body } = await vitrine.anonymous.get(url)
    assert.deepEqual([statusCode, body], [200, 'just text'], url)
    assert.equal(headers['content-type'], 'application/octet-stream')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.match(
      String(headers['content-disposition']),
      /^attachment(?:; filename="[^"\\\r\n]*"(?:; filename\*=UTF-8''[\w!#$&+.^`|~%-]+)?)?$/,
    )
  }
})
