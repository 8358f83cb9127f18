import { randomBytes } from 'node:crypto'
import { after } from 'node:test'
import { Pool } from 'pg'
import { openDatabase } from '../../src/database/open.ts'
import { startPostgresServer, type PostgresServer } from './postgres-server.ts'

/** A PostgreSQL database of one test's own. */
export interface FreshPostgres {
  url: string
  drop: () => Promise<void>
}

interface Source {
  server: PostgresServer
  admin: Pool
  /** A database with the schema in place and nothing in it. */
  template: string
}

let opened: Promise<Source> | null = null
let databases = 0

/** Null when tests can have PostgreSQL, else the sentence that says why not. */
export async function postgresProblem(): Promise<string | null> {
  try {
    await source()
    return null
  } catch (error) {
    return `PostgreSQL is not available here: ${error instanceof Error ? error.message : String(error)}; skipped`
  }
}

/** A database with the schema in place: a copy, which takes a tenth of the time of the migrations. */
export async function freshPostgres(): Promise<FreshPostgres> {
  const { template } = await source()
  return createDatabase(`template ${template}`)
}

/** A database without any table. */
export async function emptyPostgres(): Promise<FreshPostgres> {
  const { server } = await source()
  return createDatabase(server.options)
}

async function createDatabase(options: string): Promise<FreshPostgres> {
  const { server, admin, template } = await source()
  const name = `${template}_${++databases}`
  await admin.query(`create database ${name} ${options}`)
  const drop = async () => {
    await admin.query(`drop database if exists ${name} with (force)`)
  }
  return { url: server.urlOf(name), drop }
}

/** One server for all tests of this process, started by the first that asks. */
function source(): Promise<Source> {
  opened ??= openSource()
  return opened
}

async function openSource(): Promise<Source> {
  const server = await startPostgresServer().catch((error: unknown) => serverOfEnvironment(error))
  const admin = new Pool({ connectionString: server.urlOf('postgres'), max: 2, allowExitOnIdle: true })
  const template = `vitrine_test_${randomBytes(6).toString('hex')}`
  await admin.query(`create database ${template} ${server.options}`)
  const database = await openDatabase({ url: server.urlOf(template) })
  await database.close()
  return { server, admin, template }
}

/** The server of DATABASE_URL_TEST, whose user may create databases. @throws the reason there is no other. */
function serverOfEnvironment(reason: unknown): PostgresServer {
  const address = process.env['DATABASE_URL_TEST']
  if (!address) throw reason
  const urlOf = (database: string) => Object.assign(new URL(address), { pathname: `/${database}` }).href
  return { urlOf, options: '', stop: () => Promise.resolve() }
}

after(async () => {
  const found = await opened?.catch(() => null)
  if (!found) return
  await found.admin.query(`drop database if exists ${found.template} with (force)`)
  await found.admin.end()
  await found.server.stop()
})
