import { readableAddress, type MediaSigner } from '../../../faces/media-files.ts'
import type { LoadedItem } from '../../../library/loaded-items.ts'
import { pictureAddress, SIZES, sizeFileName, type SizeName } from '../addresses.ts'

/**
 * `hidpi` is 800x600 or null; `normal` and `teaser` are always there (Get a shot, "Images"). An item whose picture
 * is not at hand shows a placeholder at the same addresses.
 */
export function imagesOf(loaded: LoadedItem, { base, sign }: { base: string; sign: MediaSigner }) {
  const { item, renditions } = loaded
  const hasHidpi = renditions.has(SIZES.hidpi)
  const address = (size: SizeName) => {
    const rendition = renditions.get(SIZES[size]) ?? { format: 'png' }
    const fileName = sizeFileName(item, size, rendition, hasHidpi)
    return readableAddress(pictureAddress(base, item, fileName), item, sign)
  }
  return { hidpi: hasHidpi ? address('hidpi') : null, normal: address('normal'), teaser: address('teaser') }
}

/** "The width and height provide the size of the normal image." */
export function sidesOf({ renditions }: LoadedItem): { width: number; height: number } {
  const { width, height } = renditions.get(SIZES.normal) ?? { width: 400, height: 300 }
  return { width, height }
}
