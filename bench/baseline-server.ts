/**
 * The bare server that reads are compared with: `node:http`, one prepared point read of SQLite for each request, and
 * the same bytes as Vitrine's answer, headers included. It knows no token, no limit and no routes; of conditions only
 * the one comparison that a 304 needs.
 *
 * Arguments: the SQLite file to make, and a JSON file with the recorded answers.
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DatabaseSync } from '@photostructure/sqlite'

/** One answer of Vitrine, recorded. */
export interface Recorded {
  path: string
  status: number
  /** Names and values in turn. */
  headers: string[]
  etag: string
  body: string
}

const [, , file = '', recording = ''] = process.argv
const answers = JSON.parse(readFileSync(recording, 'utf8')) as Recorded[]

const database = new DatabaseSync(file)
database.exec('pragma journal_mode = wal')
database.exec('create table answer (path text primary key, body blob not null) without rowid')
const insert = database.prepare('insert into answer (path, body) values (?, ?)')
for (const { path, body } of answers) insert.run(path, Buffer.from(body))
const read = database.prepare('select body from answer where path = ?')
const known = new Map(answers.map((answer) => [answer.path, answer]))

const server = createServer((request, response) => {
  const path = request.url ?? ''
  const row: unknown = read.get(path)
  const answer = known.get(path)
  if (answer === undefined || !hasBody(row)) {
    response.writeHead(404).end()
    return
  }
  if (request.headers['if-none-match'] === answer.etag) {
    response
      .writeHead(
        304,
        answer.headers.filter((_, at) => !isAboutBody(answer.headers[at & ~1] ?? '')),
      )
      .end()
    return
  }
  response.writeHead(answer.status, answer.headers).end(row.body)
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ msg: 'listening', url: `http://127.0.0.1:${port}` })}\n`)
})
// Also what keeps the database open: its statements alone do not.
process.once('SIGTERM', () => {
  database.close()
  process.exit()
})

const isAboutBody = (name: string) => name === 'Content-Type' || name === 'Content-Length'

function hasBody(row: unknown): row is { body: Uint8Array } {
  return typeof row === 'object' && row !== null && 'body' in row && row.body instanceof Uint8Array
}
