import type { Kysely, Migration } from 'kysely'
import { createAccounts } from './0001/accounts.ts'
import { createGathering } from './0001/gathering.ts'
import { createIdentity } from './0001/identity.ts'
import { createItems } from './0001/items.ts'
import { createWork } from './0001/work.ts'
import { sortTextByBytes, tableNames } from './text-order.ts'

/** The first schema, in the order in which the tables refer to each other. */
export const foundation: Migration = {
  async up(db: Kysely<unknown>) {
    const before = await tableNames(db)
    await createAccounts(db)
    await createIdentity(db)
    await createItems(db)
    await createGathering(db)
    await createWork(db)
    const created = (await tableNames(db)).filter((name) => !before.includes(name))
    await sortTextByBytes(db, created)
  },
}
