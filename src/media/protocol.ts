import type { MediaErrorKind } from './errors.ts'
import type { PictureJob } from './process-picture.ts'
import type { ProcessedPicture } from './processed.ts'

/** What the parent sends to a child process; one at a time. */
export type WorkerRequest = { kind: 'process'; job: PictureJob }

/** What a child process answers. `rssBytes` is its size, from which the parent sees when to replace it. */
export type WorkerReply =
  | { kind: 'ready' }
  | { kind: 'done'; picture: ProcessedPicture; rssBytes: number }
  | { kind: 'refused'; reason: MediaErrorKind; detail: string; rssBytes: number }
  | { kind: 'failed'; message: string; code: string | null; rssBytes: number }

/** Both ends are ours, of one version: the kind is proof enough. */
export function isRequest(message: unknown): message is WorkerRequest {
  return kindOf(message) === 'process'
}

export function isReply(message: unknown): message is WorkerReply {
  return ['ready', 'done', 'refused', 'failed'].includes(kindOf(message))
}

function kindOf(message: unknown): string {
  const isTagged = typeof message === 'object' && message !== null && 'kind' in message
  return isTagged && typeof message.kind === 'string' ? message.kind : ''
}
