export type SniffedKind = 'image' | 'audio' | 'video' | 'document' | 'html' | 'text' | 'other'

/** What bytes are, whatever anybody calls them. */
export interface Sniffed {
  kind: SniffedKind
  /** Also the usual file name extension: `jpeg`, `mp3`, `pdf`, `docx` … */
  format: string
  mimeType: string
}

type Signature = [position: number, bytes: string, kind: SniffedKind, format: string, mimeType: string]

const signatures: readonly Signature[] = [
  [0, '\xff\xd8\xff', 'image', 'jpeg', 'image/jpeg'],
  [0, '\x89PNG\r\n\x1a\n', 'image', 'png', 'image/png'],
  [0, 'GIF87a', 'image', 'gif', 'image/gif'],
  [0, 'GIF89a', 'image', 'gif', 'image/gif'],
  [8, 'WEBP', 'image', 'webp', 'image/webp'],
  [0, 'II*\0', 'image', 'tiff', 'image/tiff'],
  [0, 'MM\0*', 'image', 'tiff', 'image/tiff'],
  [0, '8BPS', 'image', 'psd', 'image/vnd.adobe.photoshop'],
  [0, '\0\0\x01\0', 'image', 'ico', 'image/vnd.microsoft.icon'],
  [0, '\xff\x0a', 'image', 'jxl', 'image/jxl'],
  [4, 'JXL \r\n\x87\n', 'image', 'jxl', 'image/jxl'],
  [4, 'jP  \r\n\x87\n', 'image', 'jp2', 'image/jp2'],
  [0, 'ID3', 'audio', 'mp3', 'audio/mpeg'],
  [0, 'fLaC', 'audio', 'flac', 'audio/flac'],
  [8, 'WAVE', 'audio', 'wav', 'audio/wav'],
  [8, 'AIFF', 'audio', 'aiff', 'audio/aiff'],
  [8, 'AIFC', 'audio', 'aiff', 'audio/aiff'],
  [0, 'MThd', 'audio', 'mid', 'audio/midi'],
  [0, '#!AMR', 'audio', 'amr', 'audio/amr'],
  [0, '\x1aE\xdf\xa3', 'video', 'webm', 'video/webm'],
  [8, 'AVI ', 'video', 'avi', 'video/x-msvideo'],
  [0, 'FLV\x01', 'video', 'flv', 'video/x-flv'],
  [0, '\0\0\x01\xba', 'video', 'mpg', 'video/mpeg'],
  [0, '%PDF-', 'document', 'pdf', 'application/pdf'],
  [0, '{\\rtf', 'document', 'rtf', 'application/rtf'],
  [0, '%!PS', 'document', 'ps', 'application/postscript'],
  [0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'document', 'doc', 'application/msword'],
  [0, 'PK\x05\x06', 'document', 'zip', 'application/zip'],
]

const openDocument = 'application/vnd.oasis.opendocument.'
const openXml = 'application/vnd.openxmlformats-officedocument.'

/** Types that a ZIP archive names in its first file. */
const zipTypes: Record<string, string> = {
  'application/epub+zip': 'epub',
  [`${openDocument}text`]: 'odt',
  [`${openDocument}spreadsheet`]: 'ods',
  [`${openDocument}presentation`]: 'odp',
  [`${openDocument}graphics`]: 'odg',
}
const officeFolders: [folder: string, format: string, mimeType: string][] = [
  ['word/', 'docx', `${openXml}wordprocessingml.document`],
  ['xl/', 'xlsx', `${openXml}spreadsheetml.sheet`],
  ['ppt/', 'pptx', `${openXml}presentationml.presentation`],
]

/** The stretch of a file that `sniffBytes` wants to see. */
export const sniffedBytes = 8_192

/**
 * The type of a file by its first bytes. The declared media type decides only what bytes cannot: which of the old
 * office formats it is, and whether text is HTML.
 *
 * @param head The first `sniffedBytes` of the file, or all of it.
 */
export function sniffBytes(head: Buffer, declared: string | null = null): Sniffed {
  const bytes = head.subarray(0, sniffedBytes).toString('latin1')
  const found = signatures.find(([position, magic]) => bytes.startsWith(magic, position))
  if (found) return sayOffice(named(found), declared)
  if (bytes.startsWith('PK\x03\x04')) return sniffZip(bytes)
  if (bytes.startsWith('OggS')) return sniffOgg(bytes)
  if (bytes.startsWith('ftyp', 4)) return sniffBrand(head, bytes)
  if (isMpegAudio(head)) return { kind: 'audio', format: 'mp3', mimeType: 'audio/mpeg' }
  if (bytes.startsWith('BM') && head.length > 26 && head.readUInt32LE(6) === 0)
    return { kind: 'image', format: 'bmp', mimeType: 'image/bmp' }
  return sniffText(head, declared)
}

const named = ([, , kind, format, mimeType]: Signature): Sniffed => ({ kind, format, mimeType })

function sayOffice(sniffed: Sniffed, declared: string | null): Sniffed {
  if (sniffed.format !== 'doc') return sniffed
  if (declared === 'application/vnd.ms-excel') return { kind: 'document', format: 'xls', mimeType: declared }
  if (declared === 'application/vnd.ms-powerpoint')
    return { kind: 'document', format: 'ppt', mimeType: declared }
  return sniffed
}

function sniffZip(bytes: string): Sniffed {
  // The first file of an EPUB or OpenDocument is called `mimetype`, is not compressed and holds the type.
  const stated = /^mimetype([a-z.+/-]+?)PK/.exec(bytes.slice(30))?.[1] ?? ''
  const format = zipTypes[stated]
  if (format !== undefined) return { kind: 'document', format, mimeType: stated }
  // A local header has 26 bytes between its signature and the name.
  const names = bytes.split('PK\x03\x04').map((header) => header.slice(26, 90))
  const office = officeFolders.find(([folder]) => names.some((name) => name.startsWith(folder)))
  if (office) return { kind: 'document', format: office[1], mimeType: office[2] }
  return { kind: 'document', format: 'zip', mimeType: 'application/zip' }
}

function sniffOgg(bytes: string): Sniffed {
  if (bytes.includes('\x80theora') || bytes.includes('\x01video'))
    return { kind: 'video', format: 'ogv', mimeType: 'video/ogg' }
  return { kind: 'audio', format: 'ogg', mimeType: 'audio/ogg' }
}

/** The ISO base media family says what it is in the brands of its first box. */
function sniffBrand(head: Buffer, bytes: string): Sniffed {
  const end = Math.min(head.readUInt32BE(0), head.length, 256)
  const brands = [bytes.slice(8, 12)]
  for (let position = 16; position + 4 <= end; position += 4) brands.push(bytes.slice(position, position + 4))
  const has = (pattern: RegExp) => brands.some((brand) => pattern.test(brand))
  if (has(/^avi[fs]$/)) return { kind: 'image', format: 'avif', mimeType: 'image/avif' }
  if (has(/^(hei[cxms]|hev[cxms]|mif[12]|msf1)$/))
    return { kind: 'image', format: 'heic', mimeType: 'image/heic' }
  if (/^M4[AB] $/.test(brands[0] ?? '')) return { kind: 'audio', format: 'm4a', mimeType: 'audio/mp4' }
  return { kind: 'video', format: 'mp4', mimeType: 'video/mp4' }
}

/**
 * A frame of MPEG audio (or AAC in ADTS) whose header makes sense: sync, layer, bit rate and sampling rate. `FF FE`
 * would be one of layer I, which nobody uses, and is the mark of UTF-16.
 */
function isMpegAudio(head: Buffer): boolean {
  const [first = 0, second = 0, third = 0] = head
  if (first !== 0xff || (second & 0xe0) !== 0xe0 || second === 0xfe) return false
  if ((second & 0xf6) === 0xf0) return true
  const version = (second >> 3) & 3
  const layer = (second >> 1) & 3
  const rate = third >> 4
  return version !== 1 && layer !== 0 && rate !== 0 && rate !== 15 && ((third >> 2) & 3) !== 3
}

const htmlTypes = new Set(['text/html', 'application/xhtml+xml'])

function sniffText(head: Buffer, declared: string | null): Sniffed {
  const isWide = /^(\xff\xfe|\xfe\xff)/.test(head.toString('latin1', 0, 2))
  if (!isWide && head.includes(0))
    return { kind: 'other', format: 'bin', mimeType: 'application/octet-stream' }
  const text = head.toString('utf8').replace(/^\uFEFF/, '').trimStart().toLowerCase() // prettier-ignore
  if (/^(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!doctype svg[^>]*>\s*)?<svg[\s>]/s.test(text))
    return { kind: 'image', format: 'svg', mimeType: 'image/svg+xml' }
  if ((declared !== null && htmlTypes.has(declared)) || /^(<!doctype html|<html|<head|<body)[\s>]/.test(text))
    return { kind: 'html', format: 'html', mimeType: 'text/html' }
  const strange = text.match(/(?![\t\n\f\r])\p{Cc}/gu)?.length ?? 0
  if (!isWide && strange > 1) return { kind: 'other', format: 'bin', mimeType: 'application/octet-stream' }
  return { kind: 'text', format: 'txt', mimeType: 'text/plain' }
}
