/** Scopes as they are stored: once each, sorted, separated by spaces. */
export function joinScopes(scopes: Iterable<string>): string {
  return [...new Set(scopes)].toSorted().join(' ')
}

/** Reads stored scopes, and those a client sends: spaces (RFC 6749, 3.3), commas and `+` all separate. */
export function splitScopes(text: string): string[] {
  return [...new Set(text.split(/[\s,+]+/).filter((scope) => scope !== ''))]
}
