import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Context } from '../../context.ts'
import type { Originals } from './items.ts'

/** Originals as `media/ab/abcd….png` below a folder, each once however many items share it. */
export function openOriginals({ blobs }: Pick<Context, 'blobs'>, root: string): Originals {
  let total = 0
  let written = 0
  return {
    count: () => ({ total, written }),
    async write({ blob_sha256: sha256, format, size_bytes }) {
      if (sha256 === null) return undefined
      const extension = format !== null && /^[a-z0-9]{1,8}$/.test(format) ? `.${format}` : ''
      const name = `media/${sha256.slice(0, 2)}/${sha256}${extension}`
      const path = join(root, name)
      total += 1
      if ((await sizeOf(path)) === size_bytes) return name
      await mkdir(dirname(path), { recursive: true })
      const draft = `${path}.partial`
      try {
        await pipeline(blobs.open(sha256), createWriteStream(draft, { flush: true }))
        await rename(draft, path)
      } catch (error) {
        await rm(draft, { force: true })
        throw error
      }
      written += 1
      return name
    },
  }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
