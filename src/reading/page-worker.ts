import type { ChildReply } from './child.ts'
import type { DocumentRequest } from './document-reader.ts'
import type { PageToRead } from './reader.ts'
import type { ScreenshotRequest } from './take-screenshot.ts'

export interface ReadRequest extends PageToRead {
  op: 'read'
}

type Request = { op: 'ready' } | ReadRequest | DocumentRequest | ({ op: 'screenshot' } & ScreenshotRequest)

/** The child process of the readers and of page captures. Packages are loaded only by what needs them. */
async function answer(request: Request): Promise<unknown> {
  switch (request.op) {
    case 'ready':
      return null
    case 'read': {
      const { readPage } = await import('./read-page.ts')
      return readPage(request.bytes, request.charset, request.url)
    }
    case 'document': {
      const { readDocument } = await import('./document-text.ts')
      return readDocument(request.path, request.format)
    }
    case 'screenshot': {
      const { takeScreenshot } = await import('./take-screenshot.ts')
      return takeScreenshot(request)
    }
  }
}

process.on('message', (request: Request) => {
  const send = (reply: ChildReply) => process.send?.(reply)
  answer(request).then(
    (result) => send({ result }),
    (error: unknown) =>
      send({ failure: error instanceof Error ? error.message.slice(0, 2_000) : 'it failed' }),
  )
})
// The parent is gone.
process.on('disconnect', () => process.exit())
