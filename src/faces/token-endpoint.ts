import type { FastifyReply } from 'fastify'
import type { ParameterValues } from '../http/form.ts'
import { lastOf } from '../http/parameters.ts'
import type { ClientCredentials } from '../identity/clients.ts'
import type { IdentityReason } from '../identity/errors.ts'

/** A text among the parameters of a token request, where a name counts once; null for anything else. */
export function textIn(values: ParameterValues, name: string): string | null {
  const value = lastOf(values[name])
  return typeof value === 'string' ? value : null
}

/** How the application says who it is: Basic credentials, or the two parameters (RFC 6749, 2.3.1). */
export function clientIn(authorization: string | undefined, values: ParameterValues): ClientCredentials {
  const basic = basicCredentials(authorization)
  return {
    clientId: basic?.clientId ?? textIn(values, 'client_id') ?? '',
    clientSecret: basic?.clientSecret ?? textIn(values, 'client_secret'),
  }
}

/** Both parts are form-encoded before they are joined. */
function basicCredentials(header: string | undefined): { clientId: string; clientSecret: string } | null {
  const encoded = /^basic\s+(\S+)\s*$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return null
  const [, clientId = '', clientSecret = ''] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? []
  return { clientId: formDecoded(clientId), clientSecret: formDecoded(clientSecret) }
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** A refusal of the token endpoint in the words of RFC 6749 (5.2). */
export function refuseToken(reply: FastifyReply, reason: IdentityReason): FastifyReply {
  const { status, error, description } = tokenError(reason)
  if (status === 401) reply.header('www-authenticate', 'Basic realm="oauth"')
  if ('retryAfterSeconds' in reason) reply.header('retry-after', String(reason.retryAfterSeconds))
  return reply.code(status).send({ error, error_description: description })
}

function tokenError(reason: IdentityReason): { status: number; error: string; description: string } {
  switch (reason.kind) {
    case 'bad_client':
      return {
        status: 401,
        error: 'invalid_client',
        description: 'The client id or the client secret is wrong.',
      }
    case 'client_suspended':
      return { status: 401, error: 'invalid_client', description: 'The application has been suspended.' }
    case 'client_not_approved':
      return { status: 401, error: 'invalid_client', description: 'The application is not approved.' }
    case 'bad_grant':
      return { status: 400, error: 'invalid_grant', description: reason.problem }
    case 'bad_scope':
      return { status: 400, error: 'invalid_scope', description: 'The scope is not one that was given.' }
    case 'bad_request':
      return { status: 400, error: 'invalid_request', description: reason.problem }
    case 'too_many_attempts':
    case 'busy':
      return { status: 429, error: 'slow_down', description: 'Too many attempts. Try again later.' }
    case 'invalid':
    case 'link_spent':
    case 'not_found':
    case 'wrong_password':
      return { status: 400, error: 'invalid_request', description: 'The request cannot be answered.' }
  }
}
