import sharp from 'sharp'

export interface PhotoOptions {
  /** Pixels, as stored. */
  width: number
  height: number
  seed: number
  /** EXIF orientation; 6 is how a phone stores a picture taken upright. */
  orientation?: number
  /** Whether the camera wrote down where it was. */
  withPlace?: boolean
}

/**
 * A picture that costs what a photograph costs: soft light, shapes of several sizes, and the grain of a sensor, which
 * is what makes the file of a 12-megapixel JPEG some megabytes large. The same options give the same pixels.
 */
export async function samplePhoto(options: PhotoOptions): Promise<Buffer> {
  const { width, height, seed, orientation = 1, withPlace = false } = options
  const random = randomBytes(seed)
  const light = await layer(random, { columns: 5, rows: 4 }, options)
  const shapes = await layer(
    random,
    { columns: Math.ceil(width / 90), rows: Math.ceil(height / 90) },
    options,
  )
  const detail = await layer(random, { columns: Math.ceil(width / 7), rows: Math.ceil(height / 7) }, options)
  const pixels = Buffer.allocUnsafe(width * height * 3)
  for (let at = 0; at < pixels.length; at += 1) {
    const tone = (light[at] ?? 0) * 0.55 + (shapes[at] ?? 0) * 0.3 + (detail[at] ?? 0) * 0.15
    pixels[at] = Math.max(0, Math.min(255, tone + (random() >> 4) - 8))
  }
  const place = {
    GPSLatitudeRef: 'N',
    GPSLatitude: '48/1 51/1 30/1',
    GPSLongitudeRef: 'E',
    GPSLongitude: '2/1 17/1 40/1',
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .withMetadata({ orientation })
    .withExifMerge({
      IFD0: { Make: 'Sample', Model: 'Camera 12', DateTime: '2024:05:04 10:20:30' },
      IFD2: { ExposureTime: '1/250', FNumber: '28/10', ISOSpeedRatings: '200', FocalLength: '35/1' },
      ...(withPlace ? { IFD3: place } : {}),
    })
    .jpeg({ quality: 93 })
    .toBuffer()
}

/** The cameras' usual shapes: 4:3 as phones have it, 3:2, and a quarter taken upright. */
export async function samplePhotos(count: number, megapixels: number): Promise<Buffer[]> {
  const photos: Buffer[] = []
  for (let seed = 1; seed <= count; seed += 1) {
    const ratio = seed % 3 === 0 ? 3 / 2 : 4 / 3
    const height = Math.round(Math.sqrt((megapixels * 1e6) / ratio))
    const orientation = seed % 4 === 0 ? 6 : 1
    photos.push(
      await samplePhoto({
        width: Math.round(height * ratio),
        height,
        seed,
        orientation,
        withPlace: seed % 2 === 0,
      }),
    )
  }
  return photos
}

/** The same picture as a file of its own: 16 more bytes in a comment, which no decoder looks at. */
export function withComment(photo: Buffer, text: string): Buffer {
  const comment = Buffer.alloc(20)
  comment.writeUInt16BE(0xfffe, 0)
  comment.writeUInt16BE(18, 2)
  comment.write(text.padEnd(16).slice(0, 16), 4, 'latin1')
  return Buffer.concat([photo.subarray(0, 2), comment, photo.subarray(2)])
}

/** Noise of few pixels, drawn large and smooth. */
async function layer(
  random: () => number,
  { columns, rows }: { columns: number; rows: number },
  { width, height }: { width: number; height: number },
): Promise<Buffer> {
  const noise = Uint8Array.from({ length: columns * rows * 3 }, random)
  return sharp(noise, { raw: { width: columns, height: rows, channels: 3 } })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer()
}

/** Bytes from a xorshift generator (Marsaglia, "Xorshift RNGs"). */
function randomBytes(seed: number): () => number {
  let state = (seed * 2654435769) | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state & 0xff
  }
}
