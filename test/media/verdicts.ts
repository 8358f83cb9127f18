import type { MediaErrorKind } from '../../src/media/errors.ts'

/** Accepted with these sides after orientation, or refused and why. */
export type Verdict = [width: number, height: number] | [kind: MediaErrorKind, detail: string]

const noEnd = {
  gif: 'the GIF ends before its trailer',
  jpg: 'the JPEG ends before its EOI marker',
  png: 'the PNG ends before its IEND chunk',
  webp: 'the WebP ends before its declared size',
}
const truncated = Object.entries(noEnd).flatMap(([type, detail]) =>
  [10, 50, 90, 99].map((percent): [string, Verdict] => [`trunc-${percent}.${type}`, ['corrupt', detail]]),
)
const orientations = [1, 2, 3, 4, 5, 6, 7, 8].map((value): [string, Verdict] => [
  `exif-orient-${value}.jpg`,
  value < 5 ? [400, 300] : [300, 400],
])
const noSvg: Verdict = ['unsupported', 'SVG pictures are not accepted']

/** What becomes of every file in `generated/`. */
export const generatedVerdicts: ReadonlyMap<string, Verdict> = new Map<string, Verdict>([
  ...truncated,
  ...orientations,
  ['16bit.png', [400, 300]],
  ['bad-crc.png', ['corrupt', "the PNG's IHDR chunk is damaged"]],
  ['bomb-12000x12000-rgba-interlaced.png', ['too_large', 'the picture has more than 128 megapixels']],
  ['bomb-16000x16000-1bit.png', ['too_large', 'the picture has more than 128 megapixels']],
  ['bomb-1x1000000.png', ['too_large', 'the picture is 1 x 1000000 pixels; a side may have at most 16384']],
  [
    'bomb-30000x30000-1bit.png',
    ['too_large', 'the picture is 30000 x 30000 pixels; a side may have at most 16384'],
  ],
  ['cmyk.jpg', [400, 300]],
  [
    'dims-max.png',
    ['too_large', 'the picture is 2147483647 x 2147483647 pixels; a side may have at most 16384'],
  ],
  ['dims-overflow.png', ['corrupt', 'the PNG declares an impossible side']],
  ['dims-zero-width.png', ['corrupt', 'the PNG declares a side of zero pixels']],
  ['empty.png', ['corrupt', 'the file is empty']],
  ['eps.jpg', ['unsupported', 'PostScript files are not accepted']],
  ['exif-gps.jpg', [400, 300]],
  ['gif-20000-frames.gif', ['too_large', 'the animation has more than 2000 frames']],
  [
    'gif-canvas-65535.gif',
    ['too_large', 'the picture is 65535 x 65535 pixels; a side may have at most 16384'],
  ],
  ['gif-canvas-8000-frames-500.gif', ['too_large', 'the frames have more than 256 megapixels in all']],
  // Its screen is 10799 pixels wide, spelt "/*"; the decoder takes what the frames cover.
  ['gif-js-polyglot.gif', [400, 300]],
  ['gif-zero-delay-loop.gif', [400, 300]],
  ['gif-zero-frames.gif', ['corrupt', 'the GIF holds no frame']],
  ['grey-alpha.png', [400, 300]],
  ['html-in-jpeg-comment.jpg', [400, 300]],
  ['html-in-png-text.png', [400, 300]],
  ['html-named-jpg.jpg', ['unsupported', 'HTML pages are not accepted']],
  // Harmless: neither we nor the decoder inflate a profile or text of this size (libpng stops at 8 MB).
  ['iccp-64MiB.png', [400, 300]],
  ['ztxt-64MiB.png', [400, 300]],
  // The decoder would survive it, but no honest program writes so many.
  ['many-text-chunks-20000.png', ['too_large', 'the PNG holds more than 10000 chunks of metadata']],
  ['magic-only.jpg', ['corrupt', 'the JPEG ends before its EOI marker']],
  ['magic-only.png', ['corrupt', 'the PNG ends before its IEND chunk']],
  ['msl.png', ['unsupported', 'XML files are not accepted']],
  ['mvg-imagetragick.png', ['unsupported', 'text files are not accepted']],
  ['ok-400x300.gif', [400, 300]],
  ['ok-400x300.jpg', [400, 300]],
  ['ok-400x300.png', [400, 300]],
  ['ok-400x300.webp', [400, 300]],
  ['one-byte.jpg', ['unsupported', 'this type of file is not accepted']],
  ['one-pixel.png', [1, 1]],
  ['pdf-named.jpg', ['unsupported', 'PDF files are not accepted']],
  ['php-named.gif', ['corrupt', 'the GIF holds an unknown block']],
  // Accepted: what follows IEND is reported, and renditions and public originals are without it.
  ['png-then-html.png', [400, 300]],
  ['progressive.jpg', [400, 300]],
  ['riff-only.webp', ['corrupt', 'the WebP ends before its declared size']],
  ['size-300x400.png', [300, 400]],
  ['size-399x300.png', [399, 300]],
  ['size-400x301.png', [400, 301]],
  ['size-800x600.png', [800, 600]],
  ['size-801x600.png', [801, 600]],
  ['svg-foreignobject.svg', noSvg],
  ['svg-laughs.svg', noSvg],
  ['svg-named-png.png', noSvg],
  ['svg-script.svg', noSvg],
  ['svg-ssrf.svg', noSvg],
  ['svg-xxe.svg', noSvg],
  ['swf-header.jpg', ['unsupported', 'Flash files are not accepted']],
  ['text-profile-file-read.png', [400, 300]],
  ['zip-named.png', ['unsupported', 'ZIP files are not accepted']],
])

/** The files of PngSuite that are damaged on purpose. */
export const damagedPngSuite: ReadonlyMap<string, string> = new Map([
  ['xc1n0g08.png', 'the PNG declares an impossible kind of pixel'],
  ['xc9n2c08.png', 'the PNG declares an impossible kind of pixel'],
  ['xcrn0g04.png', "the PNG's signature is damaged"],
  ['xcsn0g01.png', "the PNG's IDAT chunk is damaged"],
  ['xd0n2c08.png', 'the PNG declares an impossible kind of pixel'],
  ['xd3n2c08.png', 'the PNG declares an impossible kind of pixel'],
  ['xd9n2c08.png', 'the PNG declares an impossible kind of pixel'],
  ['xdtn0g01.png', 'the PNG holds no picture data'],
  ['xhdn0g08.png', "the PNG's IHDR chunk is damaged"],
  ['xlfn0g04.png', "the PNG's signature is damaged"],
  ['xs1n0g01.png', "the PNG's signature is damaged"],
  ['xs2n0g01.png', "the PNG's signature is damaged"],
  ['xs4n0g01.png', "the PNG's signature is damaged"],
  ['xs7n0g01.png', "the PNG's signature is damaged"],
])

/** PngSuite, "Naming conventions": the side is in the names of the size tests, 32 elsewhere but for three. */
export function pngSuiteSides(name: string): [width: number, height: number] {
  const side = /^s(\d\d)/.exec(name)?.[1]
  if (side) return [Number(side), Number(side)]
  if (name.startsWith('cdfn')) return [8, 32]
  if (name.startsWith('cdhn')) return [32, 8]
  return name.startsWith('cdsn') ? [8, 8] : [32, 32]
}
