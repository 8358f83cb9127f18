import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sniffBytes } from '../../src/reading/sniff.ts'

/** A local header of a ZIP archive: only names matter here. */
function zipped(...files: [name: string, content?: string][]): Buffer {
  const parts = files.map(([name, content = '']) => {
    const header = Buffer.alloc(30)
    header.write('PK\x03\x04', 'latin1')
    header.writeUInt16LE(name.length, 26)
    return Buffer.concat([header, Buffer.from(name + content)])
  })
  return Buffer.concat([...parts, Buffer.from('PK\x01\x02')])
}

/** A first box of the ISO base media family with these brands. */
function branded(...brands: string[]): Buffer {
  const [major = '', ...others] = brands
  const box = Buffer.from(`\0\0\0\0ftyp${major}\0\0\0\0${others.join('')}`, 'latin1')
  box.writeUInt32BE(box.length)
  return Buffer.concat([box, Buffer.alloc(40)])
}

const bytes = (text: string) => Buffer.from(text, 'latin1')

const cases: [name: string, head: Buffer, declared: string | null, kind: string, format: string][] = [
  ['JPEG', bytes('\xff\xd8\xff\xe0\0\x10JFIF'), 'text/html', 'image', 'jpeg'],
  ['PNG', bytes('\x89PNG\r\n\x1a\n\0\0'), null, 'image', 'png'],
  ['GIF', bytes('GIF89a\x01\0'), null, 'image', 'gif'],
  ['WebP', bytes('RIFF\0\0\0\0WEBPVP8 '), null, 'image', 'webp'],
  ['AVIF', branded('avif', 'mif1', 'miaf'), null, 'image', 'avif'],
  ['HEIC', branded('heic', 'mif1'), null, 'image', 'heic'],
  ['SVG', bytes('<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="…">'), 'text/html', 'image', 'svg'],
  ['BMP', bytes('BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x02\0\0\0\x02\0\0\0\x01\0'), null, 'image', 'bmp'],
  ['MP3 with tags', bytes('ID3\x04\0\0'), null, 'audio', 'mp3'],
  ['MP3 without', bytes('\xff\xfb\x90\x64\0\0'), null, 'audio', 'mp3'],
  ['AAC', bytes('\xff\xf1\x50\x80'), null, 'audio', 'mp3'],
  ['FLAC', bytes('fLaC\0\0'), null, 'audio', 'flac'],
  ['WAVE', bytes('RIFF\0\0\0\0WAVEfmt '), null, 'audio', 'wav'],
  ['Ogg sound', bytes('OggS\0\x02\0\0\x01\x1e\x01vorbis'), null, 'audio', 'ogg'],
  ['Ogg video', bytes('OggS\0\x02\0\0\x01\x2a\x80theora'), null, 'video', 'ogv'],
  ['M4A', branded('M4A ', 'mp42', 'isom'), null, 'audio', 'm4a'],
  ['MP4', branded('isom', 'iso2', 'mp41'), null, 'video', 'mp4'],
  ['WebM', bytes('\x1aE\xdf\xa3\x9f'), null, 'video', 'webm'],
  ['PDF', bytes('%PDF-1.7\n%\xe2\xe3'), 'text/html', 'document', 'pdf'],
  ['Word', zipped(['[Content_Types].xml'], ['word/document.xml']), null, 'document', 'docx'],
  ['Excel', zipped(['_rels/.rels'], ['xl/workbook.xml']), null, 'document', 'xlsx'],
  ['PowerPoint', zipped(['[Content_Types].xml'], ['ppt/presentation.xml']), null, 'document', 'pptx'],
  ['EPUB', zipped(['mimetype', 'application/epub+zip'], ['META-INF/x']), null, 'document', 'epub'],
  [
    'OpenDocument',
    zipped(['mimetype', 'application/vnd.oasis.opendocument.text'], ['a']),
    null,
    'document',
    'odt',
  ],
  ['ZIP', zipped(['holiday.txt', 'see word/ and xl/']), null, 'document', 'zip'],
  ['old Word', bytes('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'), null, 'document', 'doc'],
  ['old Excel', bytes('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'), 'application/vnd.ms-excel', 'document', 'xls'],
  ['HTML', bytes('\n<!DOCTYPE html><title>x</title>'), null, 'html', 'html'],
  ['HTML that only the server calls so', bytes('<p>hello'), 'text/html', 'html', 'html'],
  ['text that a server calls a picture', bytes('hello there'), 'image/png', 'text', 'txt'],
  ['UTF-8 text', Buffer.from('Grüße, 世界'), null, 'text', 'txt'],
  ['UTF-16 text', Buffer.from('\uFEFFhello', 'utf16le'), null, 'text', 'txt'],
  ['a program', bytes('\x7fELF\x02\x01\x01\0\0'), 'text/html', 'other', 'bin'],
  ['nothing', Buffer.alloc(0), null, 'text', 'txt'],
]

describe('what bytes are', () => {
  for (const [name, head, declared, kind, format] of cases)
    test(name, () => {
      const found = sniffBytes(head, declared)
      assert.deepEqual([found.kind, found.format], [kind, format])
    })
})
