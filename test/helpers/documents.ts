import { deflateSync } from 'node:zlib'
import { zipOf, type ZipPart } from './zips.ts'

/** Objects of a PDF, from the first one on; streams with their dictionaries. */
export function pdfOf(objects: readonly (string | Buffer)[], trailer = ''): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')]
  const offsets: number[] = []
  let position = parts[0]?.length ?? 0
  for (const [at, object] of objects.entries()) {
    const part = Buffer.concat([
      Buffer.from(`${at + 1} 0 obj\n`),
      Buffer.from(object),
      Buffer.from('\nendobj\n'),
    ])
    offsets.push(position)
    position += part.length
    parts.push(part)
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const size = objects.length + 1
  parts.push(
    Buffer.from(
      `xref\n0 ${size}\n0000000000 65535 f \n${rows}trailer\n<</Size ${size}/Root 1 0 R${trailer}>>\nstartxref\n${position}\n%%EOF\n`,
    ),
  )
  return Buffer.concat(parts)
}

/** A stream of a PDF, deflated. */
export function pdfStream(bytes: Buffer | string, more = ''): Buffer {
  const packed = deflateSync(bytes)
  const head = `<</Length ${packed.length}/Filter/FlateDecode${more}>>\nstream\n`
  return Buffer.concat([Buffer.from(head), packed, Buffer.from('\nendstream')])
}

export interface PdfWords {
  /** Lines of each page, in ASCII. */
  pages: readonly (readonly string[])[]
  title?: string
  author?: string
}

/** A PDF of a few lines a page. */
export function pdfOfWords({ pages, title, author }: PdfWords): Buffer {
  const kids = pages.map((_, at) => `${5 + at * 2} 0 R`).join(' ')
  const about = [title && `/Title(${title})`, author && `/Author(${author})`].filter(Boolean).join('')
  const bodies = pages.flatMap((lines, at) => {
    const words = lines.map((line) => `(${line.replaceAll(/[()\\]/g, '\\$&')}) Tj T*`).join('\n')
    return [
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Resources<</Font<</F1 3 0 R>>>>/Contents ${6 + at * 2} 0 R>>`,
      pdfStream(`BT /F1 12 Tf 14 TL 20 380 Td\n${words}\nET`),
    ]
  })
  return pdfOf(
    [
      '<</Type/Catalog/Pages 2 0 R>>',
      `<</Type/Pages/Kids[${kids}]/Count ${pages.length}>>`,
      '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>',
      `<<${about}>>`,
      ...bodies,
    ],
    '/Info 4 0 R',
  )
}

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const wordNamespaces =
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'

export const coreProperties = (title: string, author: string): ZipPart => ({
  name: 'docProps/core.xml',
  bytes: `${xml}<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:title>${title}</dc:title><dc:creator>${author}</dc:creator></cp:coreProperties>`,
})

/** @param body WordprocessingML. */
export function docxOf(body: string, more: readonly ZipPart[] = []): Buffer {
  return zipOf([
    { name: '[Content_Types].xml', bytes: `${xml}<Types/>` },
    { name: 'word/document.xml', bytes: `${xml}<w:document ${wordNamespaces}><w:body>${body}</w:body></w:document>` },
    ...more,
  ]) // prettier-ignore
}

/** A document in one of the formats of OpenDocument: its type goes first and unpacked. */
export function openDocumentOf(kind: string, body: string, more: readonly ZipPart[] = []): Buffer {
  const mimeType = `application/vnd.oasis.opendocument.${kind}`
  return zipOf([
    { name: 'mimetype', bytes: mimeType, method: 0 },
    {
      name: 'content.xml',
      bytes: `${xml}<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b"><office:automatic-styles>styled</office:automatic-styles><office:body>${body}</office:body></office:document-content>`,
    },
    ...more,
  ])
}
