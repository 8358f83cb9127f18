/** What a dialect decides about asking a person for consent. */
export interface AuthorizationPolicy {
  /** The scopes this dialect knows. */
  scopes: readonly string[]
  /** What is meant when a request names none and the person has not consented before. */
  defaultScopes: readonly string[]
  unknownScopes: 'refuse' | 'ignore'
  /** Whether `response_type=code` may be left out. */
  responseType: 'required' | 'optional'
  /** Life of a code; RFC 6749, 4.1.2, recommends 600 at the most. */
  codeSeconds: number
  /** Random bytes in a code; 32 when left out. */
  codeBytes?: number
  /**
   * Where a redirect URI that is not the registered one, or a suspended client, is reported: on our own page, or by a
   * redirect to the *registered* callback. Never to the address that was given.
   */
  badRedirect: 'page' | 'callback'
  /** Whether only approved applications may ask. */
  approvedOnly: boolean
}

/** What a dialect decides about the tokens it gives out. */
export interface TokenPolicy {
  /** Life of an access token; null when it does not expire. */
  accessSeconds: number | null
  /** Life of a refresh token, which every refresh replaces; null when there are none. */
  refreshSeconds: number | null
  /** Random bytes in a token; 32 when left out. */
  tokenBytes?: number
  /** Whether the exchange must repeat a redirect URI that the authorization request named (RFC 6749, 4.1.3). */
  redirectUri: 'repeated' | 'optional'
  /** Whether only approved applications get tokens. */
  approvedOnly: boolean
}
