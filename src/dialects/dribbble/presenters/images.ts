import { isPublic } from '../../../library/access.ts'
import type { LoadedItem } from '../../../library/loaded-items.ts'
import { pictureAddress, SIZES, sizeFileName, withSignature, type Signer, type SizeName } from '../addresses.ts'

/**
 * `hidpi` is 800x600 or null; `normal` and `teaser` are always there (Get a shot, "Images"). An item whose picture
 * is not at hand shows a placeholder at the same addresses.
 */
export function imagesOf(loaded: LoadedItem, { base, signer }: { base: string; signer: Signer }) {
  const { item, renditions } = loaded
  const hasHidpi = renditions.has(SIZES.hidpi)
  const address = (size: SizeName) => {
    const rendition = renditions.get(SIZES[size]) ?? { format: 'png' }
    const fileName = sizeFileName(item, size, rendition, hasHidpi)
    return withSignature(pictureAddress(base, item, fileName), item, isPublic(item), signer)
  }
  return { hidpi: hasHidpi ? address('hidpi') : null, normal: address('normal'), teaser: address('teaser') }
}

/** "The width and height provide the size of the normal image." */
export function sidesOf({ renditions }: LoadedItem): { width: number; height: number } {
  const { width, height } = renditions.get(SIZES.normal) ?? { width: 400, height: 300 }
  return { width, height }
}
