import sharp from 'sharp'

export interface PictureOptions {
  width: number
  height: number
  format?: 'png' | 'jpeg' | 'gif' | 'webp'
  /** More than one makes an animation (GIF or WebP). */
  frames?: number
  /** Pictures with different seeds have different bytes and colours. */
  seed?: number
}

/** A picture of gradients, made on the spot. */
export async function samplePicture(options: PictureOptions): Promise<Buffer> {
  const { width, height, format = 'png', frames = 1, seed = 1 } = options
  const bytes = Buffer.alloc(width * height * frames * 3)
  for (let frame = 0; frame < frames; frame += 1)
    for (let y = 0; y < height; y += 1)
      for (let x = 0; x < width; x += 1) {
        const at = ((frame * height + y) * width + x) * 3
        bytes[at] = (x * 255) / width
        bytes[at + 1] = (y * 255) / height
        bytes[at + 2] = (seed * 61 + frame * 40) % 256
      }
  const raw = {
    width,
    height: height * frames,
    channels: 3 as const,
    ...(frames > 1 ? { pageHeight: height } : {}),
  }
  return sharp(bytes, { raw }).toFormat(format).toBuffer()
}
