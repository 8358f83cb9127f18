import type { Command } from 'commander'
import type { OpenContext } from '../context.ts'
import { findAccount } from '../library/accounts.ts'
import { findCollectionBySlug, findCollectionByUid } from '../library/collection-lists.ts'
import { setNotable, setStellar } from '../library/curation.ts'
import { isFirehose } from '../library/firehose.ts'
import { OPERATOR } from '../library/viewer.ts'
import { withLibrary } from './opened.ts'
import { say, Sentence } from './output.ts'

interface Printed {
  json?: boolean
}
interface AccountOptions extends Printed {
  stellar?: boolean
}
interface CollectionOptions extends Printed {
  notable?: boolean
}

/** What the people who look after a library point out to everybody. */
export function declareMark(program: Command): void {
  const mark = program.command('mark').description('point out people and collections')
  mark
    .command('account <login>')
    .description('say whether somebody is among those worth following')
    .option('--stellar', 'is among them')
    .option('--no-stellar', 'is not, or no longer')
    .option('--json', 'print JSON')
    .action((login: string, options: AccountOptions) => markAccount(login, options))
  mark
    .command('collection <address>')
    .description('say whether a collection, LOGIN/SLUG or its id, is among those worth looking at')
    .option('--notable', 'is among them')
    .option('--no-notable', 'is not, or no longer')
    .option('--json', 'print JSON')
    .action((address: string, options: CollectionOptions) => markCollection(address, options))
}

function markAccount(login: string, { stellar, json = false }: AccountOptions): Promise<void> {
  if (stellar === undefined) throw new Sentence('Say --stellar or --no-stellar.')
  return withLibrary(async (ctx) => {
    const account = await findAccount(ctx.db, login)
    await setStellar(ctx, OPERATOR, account.id, stellar)
    say({ login: account.login, stellar }, { json })
  })
}

function markCollection(address: string, { notable, json = false }: CollectionOptions): Promise<void> {
  if (notable === undefined) throw new Sentence('Say --notable or --no-notable.')
  return withLibrary(async (ctx) => {
    const collection = await collectionAt(ctx, address)
    if (isFirehose(collection)) throw new Sentence('A firehose is not marked; mark its account.')
    await setNotable(ctx, OPERATOR, collection.id, notable)
    say({ id: collection.uid, title: collection.title, notable }, { json })
  })
}

async function collectionAt(ctx: OpenContext, address: string) {
  const [login = '', slug, ...rest] = address.split('/')
  if (slug === undefined) return findCollectionByUid(ctx, OPERATOR, address.toLowerCase())
  if (rest.length > 0) throw new Sentence('A collection is named by LOGIN/SLUG or by its id.')
  const { id: ownerId } = await findAccount(ctx.db, login)
  return findCollectionBySlug(ctx, OPERATOR, { ownerId, slug })
}
