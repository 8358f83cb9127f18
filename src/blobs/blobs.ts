import type { Readable } from 'node:stream'

/** Bytes that have arrived and are not kept yet: a file in `incoming/`, gone if nobody keeps it. */
export interface Incoming {
  path: string
  sizeBytes: number
  sha256: string
  sha512: string
  md5: string
}

/** A stretch of bytes, both ends included, as in an HTTP range. */
export interface ByteRange {
  first: number
  last: number
}

export class BlobTooLarge extends Error {
  readonly limitBytes: number
  constructor(limitBytes: number) {
    super(`more than ${limitBytes} bytes`)
    this.limitBytes = limitBytes
  }
}

/** The store has no room, or may not be written for now. Reads go on; writes do again when that has passed. */
export class BlobStoreFull extends Error {}

/**
 * The store could not say that bytes are safe (a failed fsync, an I/O error). From then on it takes nothing more,
 * because a second fsync may succeed without the bytes: stop acknowledging, drain and exit (reliability rule 3.5).
 */
export class StorageBroken extends Error {}

export type BlobState = 'ok' | 'missing' | 'damaged'

/**
 * Immutable bytes under their SHA-256.
 *
 * The promise (reliability rule 3.1): once `keep` has returned, the bytes survive a power cut; before it, they do
 * not exist under their address. So: `receive`, look at the file, `keep`, then the transaction that names the
 * blob, then the answer to the client.
 */
export interface Blobs {
  /**
   * Streams bytes into `incoming/`, hashing and counting on the way. The source is destroyed on any failure, so a
   * request that must still be answered is handed over through a stream of its own.
   *
   * @throws BlobTooLarge as soon as the limit is passed; BlobStoreFull; StorageBroken; the stream's own error.
   * Nothing is left.
   */
  receive: (source: Readable, limits: { maxBytes: number }) => Promise<Incoming>
  /**
   * The same for a file made in a work folder (a rendition): it is moved into `incoming/`, not copied, so the work
   * folder may go before the bytes are kept.
   *
   * @throws Error when it is no plain file.
   */
  adopt: (path: string) => Promise<Incoming>
  /**
   * Makes incoming bytes permanent. Keeping the same bytes twice is fine, and mends a copy that had gone bad.
   *
   * @throws BlobStoreFull; StorageBroken; Error when the incoming bytes are gone.
   */
  keep: (incoming: Incoming) => Promise<void>
  /** Drops incoming bytes that are not wanted. Never throws for a file that is gone. */
  discard: (incoming: Pick<Incoming, 'path'>) => Promise<void>
  /** A fresh folder for work in progress, on the file system of the store; `remove` it in the end. */
  workFolder: () => Promise<{ path: string; remove: () => Promise<void> }>
  /** Size in bytes, or null when there is no such blob. */
  size: (sha256: string) => Promise<number | null>
  /** The bytes. When there is no such blob the stream fails with an Error: ask for the size before answering. */
  open: (sha256: string, range?: ByteRange) => Readable
  /**
   * A path to read the blob from, good until released.
   *
   * @throws Error when there is no such blob.
   */
  asFile: (sha256: string) => Promise<{ path: string; release: () => Promise<void> }>
  /** Reads the whole blob and compares its hash with its name. */
  verify: (sha256: string) => Promise<BlobState>
  /** Removes a blob. Removing one that is gone is fine. */
  remove: (sha256: string) => Promise<void>
  /** Every blob there is. */
  list: () => AsyncIterable<{ sha256: string; sizeBytes: number; modifiedMs: number }>
  /** Removes what a crash left in `incoming/`: what was last changed `olderThanMs` ago or earlier. Returns how many. */
  sweepIncoming: (olderThanMs: number) => Promise<number>
}
