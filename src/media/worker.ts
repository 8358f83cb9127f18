/**
 * The child process in which pictures are decoded: it knows no database, no network and no secret, and may be
 * killed at any moment. `pool.ts` starts it.
 */
import sharp from 'sharp'
import { MediaError } from './errors.ts'
import { processPicture, type PictureJob } from './process-picture.ts'
import { isRequest, type WorkerReply } from './protocol.ts'

sharp.cache(false)
sharp.concurrency(1)
// Only files, and only of the five formats: no SVG, no TIFF, nothing that a later version may bring.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegFile',
    'VipsForeignLoadPngFile',
    'VipsForeignLoadNsgifFile',
    'VipsForeignLoadWebpFile',
    'VipsForeignLoadHeifFile',
  ],
})

process.on('message', (message: unknown) => {
  if (isRequest(message)) void answer(message.job)
})
// The parent is gone. A normal exit would wait for a picture that is still being decoded.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
send({ kind: 'ready' })

async function answer(job: PictureJob): Promise<void> {
  try {
    send({ kind: 'done', picture: await processPicture(job), rssBytes: process.memoryUsage.rss() })
  } catch (error) {
    send(replyTo(error))
  }
}

function replyTo(error: unknown): WorkerReply {
  const rssBytes = process.memoryUsage.rss()
  if (error instanceof MediaError) {
    return { kind: 'refused', reason: error.kind, detail: error.detail, rssBytes }
  }
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
  return { kind: 'failed', message, code, rssBytes }
}

function send(reply: WorkerReply): void {
  process.send?.(reply)
}
