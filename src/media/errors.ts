/** Why a picture is refused: not a type we take, damaged, or larger than we are willing to decode. */
export type MediaErrorKind = 'unsupported' | 'corrupt' | 'too_large'

/** The picture itself is at fault. `detail` (also the message) is a short sentence that is safe to show people. */
export class MediaError extends Error {
  override readonly name = 'MediaError'
  readonly kind: MediaErrorKind
  readonly detail: string

  constructor(kind: MediaErrorKind, detail: string) {
    super(detail)
    this.kind = kind
    this.detail = detail
  }
}

/**
 * Why a job ended without a verdict on the picture: its child process died, too many jobs wait, the pool is
 * closed, or a file could not be read or written.
 */
export type MediaFailureKind = 'crashed' | 'busy' | 'closed' | 'file'

/** The machinery is at fault, or may be. `cause` and `code` (such as `ENOSPC`) are for logs, not for people. */
export class MediaFailure extends Error {
  override readonly name = 'MediaFailure'
  readonly kind: MediaFailureKind
  readonly code: string | null

  constructor(
    kind: MediaFailureKind,
    message: string,
    { code, cause }: { code?: string; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.kind = kind
    this.code = code ?? null
  }
}

export function corrupt(detail: string): MediaError {
  return new MediaError('corrupt', detail)
}

export function unsupported(detail: string): MediaError {
  return new MediaError('unsupported', detail)
}

export function tooLarge(detail: string): MediaError {
  return new MediaError('too_large', detail)
}
