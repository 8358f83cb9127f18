import assert from 'node:assert/strict'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkLibrary } from '../../src/library/check.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { openLibrary, runVitrine, spawnVitrine, startServer, until } from '../helpers/started-server.ts'

/** Enough for a kill to come in the middle on any machine. */
const ROWS = 20_000

interface Place extends AsyncDisposable {
  data: string
  /** A path beside the library. */
  at: (name: string) => string
  run: (...args: string[]) => ReturnType<typeof runVitrine>
}

/** A library in which there is an account named ada. */
async function openPlace(): Promise<Place> {
  const folder = await temporaryFolder()
  const data = join(folder.path, 'data')
  const run = (...args: string[]) => runVitrine(args, { VITRINE_DATA: data })
  assert.equal((await run('account', 'add', 'ada')).code, 0)
  return {
    data,
    at: (name) => join(folder.path, name),
    run,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

const linesOf = async (path: string) =>
  (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))

test('vitrine import --from: what it prints, writes and ends with', async () => {
  await using place = await openPlace()
  const { at, run } = place
  const rows = [
    { href: 'https://a.example/', description: 'A', tags: 'one' },
    { href: 'https://a.example/', description: 'A again' },
    { href: 'javascript:void(0)', description: 'Run' },
  ]
  await writeFile(at('p.json'), JSON.stringify(rows))
  const command = ['import', '--from', 'pinboard', at('p.json'), '--account', 'ada']

  const dry = await run(...command, '--dry-run', '--json', '--outcomes', at('dry.jsonl'))
  const refused = [{ place: 'row 3', problem: 'the address must be an http or https URL' }]
  assert.deepEqual(JSON.parse(dry.output), { dry_run: true, rows: 3, added: 1, present: 1, refused })
  assert.deepEqual([dry.code, dry.errors], [3, ''])

  await using server = await startServer(place.data)
  const real = await run(...command, '--tags', 'Mine', '--outcomes', at('real.jsonl'))
  assert.equal(
    real.output,
    'rows        3\nadded       1\npresent     1\nrefused     1\nprocessing  left to the running server\n',
  )
  assert.deepEqual(
    [real.code, real.errors],
    [3, 'refused  row 3: the address must be an http or https URL\n'],
  )
  assert.deepEqual(await linesOf(at('real.jsonl')), await linesOf(at('dry.jsonl')))
  const [first, second, third] = (await linesOf(at('real.jsonl'))) as { uid: string | null }[]
  assert.match(first?.uid ?? '', /^[0-9a-f]{24}$/)
  assert.deepEqual(
    [first, second, third],
    [
      { place: 'row 1', url: 'https://a.example/', uid: first?.uid, outcome: 'added' },
      { place: 'row 2', url: 'https://a.example/', uid: first?.uid, outcome: 'present' },
      {
        place: 'row 3',
        url: 'javascript:void(0)',
        uid: null,
        outcome: 'refused',
        reason: refused[0]?.problem,
      },
    ],
  )
  const found = await fetch(`${server.url}/gimmebar/api/v1/public/assets/ada`)
  const { records } = (await found.json()) as { records: { title: string; tags: string[] }[] }
  assert.deepEqual(
    records.map(({ title, tags }) => [title, tags]),
    [['A', ['mine', 'one']]],
  )
})

test('vitrine import --from: what it does not do, it says in one sentence', async () => {
  await using place = await openPlace()
  const { at, run } = place
  await writeFile(at('cut.json'), '[{"href":"https://a.example/"},{"hr')
  await writeFile(at('words.txt'), 'Dear all')
  const pinboard = ['import', '--from', 'pinboard']
  const cases: [args: string[], sentence: string][] = [
    [[...pinboard, at('cut.json')], 'Say with --account whose these are.'],
    [[...pinboard, at('none.json'), '--account', 'ada'], `There is nothing at ${at('none.json')}.`],
    [[...pinboard, at('words.txt'), '--account', 'ada'], 'words.txt is no file of bookmarks.'],
    [
      [...pinboard, at('cut.json'), '--account', 'ada'],
      'The JSON ends in the middle, in cut.json after row 1.',
    ],
    [[...pinboard, at('cut.json'), '--account', 'eve'], 'There is no such account.'],
    [
      [...pinboard, at('cut.json'), '--account', 'ada', '--renumber'],
      '--renumber and --clean-tags are for files in the interchange format.',
    ],
    [
      [...pinboard, at('cut.json'), '--account', 'ada', '--outcomes', at('no/such/folder')],
      `The file of outcomes cannot be written: ${at('no/such/folder')}.`,
    ],
    [['import', at('cut.json'), '--dry-run'], '--dry-run is for imports from another service (--from).'],
  ]
  for (const [args, sentence] of cases) {
    const { code, errors } = await run(...args)
    assert.deepEqual([code, errors], [1, `${sentence}\n`], args.join(' '))
  }
  const unknown = await run('import', '--from', 'myspace', at('cut.json'))
  assert.equal(unknown.code, 1)
  assert.match(unknown.errors, /Allowed choices are netscape, pinboard, delicious, twitter, instagram/)
})

test('an import killed in the middle is completed by the next one', async () => {
  await using place = await openPlace()
  const { at, data, run } = place
  const rows = Array.from({ length: ROWS }, (_, row) => ({
    href: `https://site.example/${row}`,
    description: `Page ${row}`,
    tags: `all t${row % 13} u${row % 101}`,
  }))
  await writeFile(at('p.json'), JSON.stringify(rows))
  const command = [
    'import',
    '--from',
    'pinboard',
    at('p.json'),
    '--account',
    'ada',
    '--outcomes',
    at('o.jsonl'),
  ]
  const running = spawnVitrine(command, { VITRINE_DATA: data })
  const hasBegun = async () => ((await stat(at('o.jsonl')).catch(() => null))?.size ?? 0) > 0
  await until('the first outcome', hasBegun)
  const { signal } = await running.killGroup()
  assert.equal(signal, 'SIGKILL', running.errors())

  const { output, code } = await run(...command, '--json')
  const { rows: all, added, present } = JSON.parse(output) as Record<string, number>
  assert.equal(code, 0)
  assert.equal(all, ROWS)
  assert.equal((added ?? 0) + (present ?? 0), ROWS)
  assert.ok((added ?? 0) > 0 && (present ?? 0) > 0, `${added} came now, ${present} before`)
  await using ctx = await openLibrary(data)
  const { n } = await ctx.db
    .selectFrom('item')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  assert.equal(n, ROWS)
  assert.deepEqual((await checkLibrary(ctx, { repair: false })).problems, [])
})
