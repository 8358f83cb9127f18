/**
 * The bare pipeline that uploads are compared with: `sharp` alone, one decode, three renditions, files in and files
 * out. The parent sends paths, one at a time, and gets an answer for each.
 */
import { writeFile } from 'node:fs/promises'
import sharp from 'sharp'

sharp.cache(false)
sharp.concurrency(1)

process.on('message', (path: unknown) => {
  if (typeof path === 'string') void render(path).then(() => process.send?.('done'))
})
process.once('disconnect', () => process.exit())
process.send?.('ready')

/** The crops of a shot: the largest from the decoder, which reads a JPEG at a fraction of its size, the rest from it. */
async function render(path: string): Promise<void> {
  const decoded = sharp(path).autoOrient().resize(800, 600, { fit: 'cover' }).raw()
  const { data, info } = await decoded.toBuffer({ resolveWithObject: true })
  const raw = { width: info.width, height: info.height, channels: info.channels }
  const sizes = [800, 400, 200].map(async (width) => {
    const image = sharp(data, { raw })
    if (width < info.width) image.resize(width, (width * 3) / 4)
    const bytes = await image.jpeg({ quality: 85 }).toBuffer()
    await writeFile(`${path}-${width}.jpg`, bytes)
  })
  await Promise.all(sizes)
}
