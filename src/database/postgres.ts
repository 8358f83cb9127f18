import { PostgresDialect } from 'kysely'

const asNumber = (text: string) => Number(text)
const heard = () => undefined

/** Opens a pool of connections. The driver is loaded here, so that an installation on SQLite never pays for it. */
export async function openPostgres(url: string): Promise<PostgresDialect> {
  const { default: pg } = await import('pg')
  const types = {
    // 64-bit integers (20) and sums of them (numeric, 1700) are numbers here: none of ours passes 2^53.
    getTypeParser: ((id: number, format?: 'text' | 'binary') =>
      id === 20 || id === 1700
        ? asNumber
        : pg.types.getTypeParser(id, format)) as typeof pg.types.getTypeParser,
  }
  const pool = new pg.Pool({ connectionString: url, max: 10, types, connectionTimeoutMillis: 10_000 })
  // A connection that breaks while nobody waits for its answer (the server restarted) raises an error event, which
  // ends the process unless heard. Whoever uses the connection next gets the error; the pool then opens another.
  pool.on('error', heard)
  pool.on('connect', (client) => client.on('error', heard))
  return new PostgresDialect({ pool })
}
