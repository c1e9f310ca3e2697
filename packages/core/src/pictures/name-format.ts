import type { LimnError } from '../errors.ts'
import { unreadablePicture } from './unreadable-picture.ts'

/** A type of file that Limn can't decode, and how its bytes start. */
type KnownFormat = { name: string; offset?: number; start: string | readonly number[] }

/** Brands of the container of HEIC and AVIF, at byte 8. */
const HEIC_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1']

const knownFormats: readonly KnownFormat[] = [
  ...HEIC_BRANDS.map((brand) => ({ name: 'HEIC', offset: 4, start: `ftyp${brand}` })),
  { name: 'Canon raw', offset: 4, start: 'ftypcrx ' },
  { name: 'a video', offset: 4, start: 'ftyp' },
  { name: 'JPEG XL', start: [0xff, 0x0a] },
  { name: 'JPEG XL', offset: 4, start: 'JXL ' },
  { name: 'JPEG 2000', offset: 4, start: 'jP  ' },
  { name: 'JPEG 2000', start: [0xff, 0x4f, 0xff, 0x51] },
  { name: 'a Photoshop document', start: '8BPS' },
  { name: 'a PDF', start: '%PDF' },
  { name: 'OpenEXR', start: [0x76, 0x2f, 0x31, 0x01] },
  { name: 'QOI', start: 'qoif' },
  { name: 'a Windows icon', start: [0, 0, 1, 0] },
  { name: 'BMP', start: 'BM' },
]

/**
 * Returns the error of a picture that sharp can't decode but whose type its bytes tell; `undefined`
 * for other bytes.
 */
export function nameFormat(bytes: Uint8Array): LimnError | undefined {
  const found = knownFormats.find(({ offset = 0, start }) => {
    const expected = typeof start === 'string' ? Buffer.from(start, 'latin1') : Buffer.from(start)
    return expected.equals(bytes.subarray(offset, offset + expected.length))
  })
  if (found === undefined) return undefined
  const remedy =
    found.name === 'HEIC'
      ? 'Convert it to JPEG: on macOS, run `sips -s format jpeg FILE --out photo.jpg`; elsewhere, `heif-convert FILE photo.jpg`.'
      : 'Export it as PNG, JPEG, WebP, AVIF or TIFF.'
  return unreadablePicture(`it is ${found.name}, which Limn can't decode`, undefined, remedy)
}
