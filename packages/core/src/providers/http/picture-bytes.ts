/** Number of bytes that show what a body is. */
export const PEEKED_BYTES = 12

/** First bytes of the formats of pictures, as Latin-1: PNG, JPEG, GIF, WebP, AVIF, TIFF, JPEG XL. */
const PICTURE =
  /^(?:\x89PNG|\xff\xd8\xff|GIF8|RIFF[^]{4}WEBP|[^]{4}ftyp|II\*\0|MM\0\*|\xff\n|\0{3}\fJXL )/

/** Whether a body starts like a picture. @param start the first bytes, as Latin-1 */
export function startsLikePicture(start: string): boolean {
  return PICTURE.test(start)
}

/** Whether bytes are those of a picture, by their first ones; SVG included. */
export function isPicture(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 1024)).toString('latin1')
  return startsLikePicture(start) || (/<svg[\s>]/i.test(start) && !/<html/i.test(start))
}

/** Whether bytes are those of a web page. */
export function isWebPage(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 1024)).toString('latin1')
  return /^(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body)[\s>]/i.test(start)
}
