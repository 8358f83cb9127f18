import type { DefaultFlag, Flag, Id, Ms, Sha256 } from './columns.ts'

/** A registered application (an OAuth client). */
export interface AppTable {
  id: Id
  client_id: string
  client_secret_hash: Sha256
  name: string
  description: string | null
  website: string | null
  owner_id: number
  redirect_uri: string
  /** Whether a redirect may go to a path below the registered one. */
  redirect_below: DefaultFlag
  /** Given rights that an application must be approved for. */
  approved: DefaultFlag
  /** A public client keeps no secret, so it must use PKCE. */
  is_public: Flag
  suspended: DefaultFlag
  created_ms: Ms
}

/** A person's consent to an application, with the scopes given so far (space-separated, sorted). */
export interface GrantTable {
  id: Id
  app_id: number
  account_id: number
  scopes: string
  created_ms: Ms
  updated_ms: Ms
}

/** An authorization code on its way to being exchanged (RFC 6749, 4.1). Only its hash is kept. */
export interface AuthorizationCodeTable {
  code_hash: Sha256
  app_id: number
  account_id: number
  grant_id: number
  redirect_uri: string
  /** Whether the authorization request named the redirect URI, so that the exchange must repeat it. */
  redirect_given: Flag
  scopes: string
  /** S256 challenge, or null when the client sent none. */
  code_challenge: string | null
  expires_ms: Ms
  used_ms: Ms | null
}

/** An access or refresh token. Only its hash is kept. */
export interface TokenTable {
  id: Id
  hash: Sha256
  kind: 'access' | 'refresh' | 'client'
  app_id: number
  account_id: number
  grant_id: number | null
  scopes: string
  /** The code this token came from: a second use of the code revokes it. */
  code_hash: Sha256 | null
  created_ms: Ms
  last_used_ms: Ms | null
  expires_ms: Ms | null
  revoked_ms: Ms | null
}

/** A signed-in browser. The cookie holds the secret, the row its hash. */
export interface SessionTable {
  hash: Sha256
  account_id: number
  created_ms: Ms
  last_seen_ms: Ms
  expires_ms: Ms
  user_agent: string | null
}

/** A person's own API key. */
export interface ApiKeyTable {
  account_id: number
  hash: Sha256
  created_ms: Ms
}

/** An application without a browser of its own asks for a person's consent. */
export interface DesktopRequestTable {
  id: Id
  token_hash: Sha256
  app_id: number
  state: 'waiting' | 'approved' | 'denied'
  /** Who decided. */
  account_id: number | null
  /** Of the authorization code that the consent made. */
  code_hash: Sha256 | null
  created_ms: Ms
  expires_ms: Ms
  code_expires_ms: Ms | null
}

/** What HTTP Digest needs of a token: both hashes of name, realm and token, encrypted. */
export interface TokenDigestTable {
  token_id: number
  account_id: number
  sealed: string
}
