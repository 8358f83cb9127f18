import type { IncomingMessage } from 'node:http'
import type { Context } from '../../context.ts'
import { viewerOf } from '../../faces/token-reader.ts'
import type { FoundToken, UsageRecorder } from '../../identity/tokens.ts'
import type { Viewer } from '../../library/viewer.ts'

/** Whether a later request with the same credential, the library being as it was, is as good as the first one. */
export type Again = (request: IncomingMessage) => boolean

/** Nobody, somebody, or a credential that is no good; `stale` when only the nonce is to blame. */
export type Identified =
  | { kind: 'none' | 'wrong' | 'stale' }
  | { kind: 'viewer'; viewer: Viewer; again: Again }

export const viewerFor = (found: FoundToken, again: Again): Identified => ({
  kind: 'viewer',
  viewer: viewerOf(found),
  again,
})

/** Notes a use of a token, each time it is called. */
export function noted(
  { clock }: Pick<Context, 'clock'>,
  usage: UsageRecorder,
  { tokenId }: FoundToken,
): () => true {
  return () => {
    usage.record(tokenId, clock())
    return true
  }
}
