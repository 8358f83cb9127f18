/** Who is asking. Every read and every write of the library takes one. */
export interface Viewer {
  /** Null for somebody who did not say who they are. */
  accountId: number | null
  role: 'member' | 'moderator' | 'admin'
  /** What the credential allows; null when it is the person themselves (a session, the command line). */
  scopes: ReadonlySet<string> | null
  /** The application the request came through, if any. */
  app: { id: number; approved: boolean } | null
}

export const ANONYMOUS: Viewer = { accountId: null, role: 'member', scopes: new Set(), app: null }

/** The installation itself: the command line and background jobs. It may see and change everything. */
export const OPERATOR: Viewer = { accountId: null, role: 'admin', scopes: null, app: null }

export const mayModerate = (viewer: Viewer) => viewer.role !== 'member'
