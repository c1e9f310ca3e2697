/** A decoded picture: 8-bit sRGB with straight alpha, 4 bytes for each pixel, rows from the top. */
export interface ExaminedPixels {
  data: Uint8Array
  /** px */
  width: number
  height: number
}

/** A picture as the tests read it. */
export interface Examined extends ExaminedPixels {
  /** Whether any pixel is not opaque. */
  hasAlpha: boolean
  /**
   * What people see, 4 bytes for each pixel, of which the last one means nothing: the picture
   * itself if it is opaque, else the picture on white and on black. A test holds only if it holds
   * for each.
   */
  faces: readonly Uint8Array[]
}

/** Prepares a picture for all tests, so that none of them blends it again. */
export function prepare({ data, width, height }: ExaminedPixels): Examined {
  const hasAlpha = hasTransparency(data)
  const faces = hasAlpha ? [blend(data, 255), blend(data, 0)] : [data]
  return { data, width, height, hasAlpha, faces }
}

/** Names a face in a sentence, with a space before it; nothing for an opaque picture. */
export function faceName({ faces }: Examined, face: Uint8Array): string {
  if (faces.length === 1) return ''
  return face === faces[0] ? ' on a white page' : ' on a black page'
}

function hasTransparency(data: Uint8Array): boolean {
  for (let at = 3; at < data.length; at += 4) if (data[at]! < 255) return true
  return false
}

/** Blends a picture with a grey background of 0 to 255. */
function blend(data: Uint8Array, background: number): Uint8Array {
  const face = new Uint8Array(data.length)
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3]!
    const rest = background * (255 - alpha) + 127
    face[at] = (data[at]! * alpha + rest) / 255
    face[at + 1] = (data[at + 1]! * alpha + rest) / 255
    face[at + 2] = (data[at + 2]! * alpha + rest) / 255
    face[at + 3] = 255
  }
  return face
}
