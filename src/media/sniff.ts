import { corrupt, unsupported } from './errors.ts'
import type { PictureFormat } from './facts.ts'

const accepted: [PictureFormat, number, string][] = [
  ['jpeg', 0, '\xff\xd8\xff'],
  ['png', 0, '\x89PNG\r\n\x1a\n'],
  ['gif', 0, 'GIF87a'],
  ['gif', 0, 'GIF89a'],
]

const refused: [name: string, position: number, bytes: string][] = [
  ['PDF files', 0, '%PDF'],
  ['PostScript files', 0, '%!PS'],
  ['PostScript files', 0, '\xc5\xd0\xd3\xc6'],
  ['ZIP files', 0, 'PK\x03\x04'],
  ['ZIP files', 0, 'PK\x05\x06'],
  ['Flash files', 0, 'FWS'],
  ['Flash files', 0, 'CWS'],
  ['Flash files', 0, 'ZWS'],
  ['TIFF pictures', 0, 'II*\0'],
  ['TIFF pictures', 0, 'MM\0*'],
  ['TIFF pictures', 0, 'II+\0'],
  ['TIFF pictures', 0, 'MM\0+'],
  ['Photoshop files', 0, '8BPS'],
  ['icon files', 0, '\0\0\x01\0'],
  ['JPEG XL pictures', 0, '\xff\x0a'],
  ['JPEG XL pictures', 4, 'JXL \r\n\x87\n'],
  ['JPEG 2000 pictures', 4, 'jP  \r\n\x87\n'],
  ['animated MNG pictures', 0, '\x8aMNG'],
  ['video files', 0, '\x1aE\xdf\xa3'],
  ['video files', 0, 'OggS'],
  ['video files', 0, 'FLV\x01'],
  ['video files', 0, '\0\0\x01\xba'],
  ['video files', 8, 'AVI '],
  ['sound files', 8, 'WAVE'],
  ['sound files', 0, 'ID3'],
  ['sound files', 0, 'fLaC'],
  ['archives', 0, '\x1f\x8b'],
  ['archives', 0, '7z\xbc\xaf\x27\x1c'],
  ['archives', 0, 'Rar!'],
  ['programs', 0, '\x7fELF'],
  ['programs', 0, 'MZ'],
  ['BMP pictures', 0, 'BM'],
]

const heicBrands = /^(hei[cxms]|hev[cxms]|mif1|msf1|mif2)$/

/**
 * The type of a picture, from its first bytes alone.
 *
 * @param head The first few kilobytes of the file.
 * @throws MediaError `unsupported` with the name of what it is instead, `corrupt` for an empty file.
 */
export function sniffPicture(head: Buffer): PictureFormat {
  if (head.length === 0) throw corrupt('the file is empty')
  const bytes = head.toString('latin1')

  const found = accepted.find(([, position, magic]) => bytes.startsWith(magic, position))
  if (found) return found[0]
  if (bytes.startsWith('RIFF') && bytes.startsWith('WEBP', 8)) return 'webp'
  if (bytes.startsWith('ftyp', 4)) return sniffBrand(head, bytes)

  // Sent through something that takes it for text, or with a flipped bit.
  if (bytes.startsWith('PNG', 1) || bytes.startsWith('IHDR', 12))
    throw corrupt("the PNG's signature is damaged")
  const name = refused.find(([, position, magic]) => bytes.startsWith(magic, position))?.[0] ?? nameText(head)
  throw unsupported(name ? `${name} are not accepted` : 'this type of file is not accepted')
}

/** The ISO base media family (AVIF, HEIC, MP4 ...) says what it is in the brands of its first box. */
function sniffBrand(head: Buffer, bytes: string): 'avif' {
  const end = Math.min(head.readUInt32BE(0), head.length)
  const brands = [bytes.slice(8, 12)]
  for (let position = 16; position + 4 <= end; position += 4) brands.push(bytes.slice(position, position + 4))

  if (brands.includes('avif')) return 'avif'
  if (brands.includes('avis')) throw unsupported('AVIF animations are not accepted')
  if (brands.some((brand) => heicBrands.test(brand))) throw unsupported('HEIC pictures are not accepted')
  throw unsupported('video files are not accepted')
}

function nameText(head: Buffer): string | null {
  if (head.includes(0)) return null
  const text = head
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()
    .toLowerCase()
  if (text.startsWith('<') && /<svg[\s>]/.test(text)) return 'SVG pictures'
  if (text.startsWith('<!doctype html') || text.startsWith('<html')) return 'HTML pages'
  if (text.startsWith('<?xml')) return 'XML files'
  // A cut through the last character of `head` may leave one replacement character; binary leaves many.
  const strange = text.match(/\uFFFD|(?![\t\n\f\r])\p{Cc}/gu)?.length ?? 0
  return strange <= 1 && text.length > 1 ? 'text files' : null
}
