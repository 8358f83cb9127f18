import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { ParameterValues } from '../http/form.ts'
import type { Once } from '../library/idempotency.ts'

/**
 * Who repeats a write with the same `Idempotency-Key` gets the first answer again, for a day. Null without a key.
 *
 * @param said What the write says besides its file; whatever must not count is left out by the caller.
 * @param sha256 Of the file.
 */
export function onceOf(
  request: FastifyRequest,
  accountId: number,
  said: ParameterValues,
  sha256: string,
): Once | null {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string') return null
  const [path] = request.url.split('?', 1)
  const sorted = Object.entries(said).toSorted(([one], [other]) => (one < other ? -1 : 1))
  const fingerprint = createHash('sha256')
    .update(`${request.method} ${path} ${sha256} ${JSON.stringify(sorted)}`)
    .digest('hex')
  return { accountId, key, fingerprint }
}
