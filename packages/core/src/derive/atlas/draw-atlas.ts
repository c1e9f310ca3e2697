import { decode, fromPixels } from '../../pictures/decode.ts'
import { packBoxes } from './pack.ts'

/** A picture of an atlas, px. */
type Frame = {
  name: string
  /** Where its visible part is in the atlas. */
  frame: { x: number; y: number; w: number; h: number }
  /** Where its visible part is in the whole picture. */
  spriteSourceSize: { x: number; y: number; w: number; h: number }
  /** Size of the whole picture. */
  sourceSize: { w: number; h: number }
}

/** An atlas, and where its pictures are. */
export type Atlas = { bytes: Buffer; width: number; height: number; frames: Frame[] }

type AtlasOptions = {
  format: 'png' | 'webp'
  /** Longest edge of each picture, px. */
  size: number
  padding: number
  powerOfTwo: boolean
}

type Sprite = Pick<Frame, 'name' | 'spriteSourceSize' | 'sourceSize'> & { data: Buffer }

/**
 * Scales pictures down, trims what is transparent around them, and packs them into one. The same
 * pictures give the same bytes.
 *
 * @returns `undefined` if they do not fit into one picture
 * @throws LimnError `picture/unreadable`
 */
export async function drawAtlas(
  pictures: Iterable<{ name: string; read: () => Uint8Array }>,
  options: AtlasOptions,
): Promise<Atlas | undefined> {
  const sprites: Sprite[] = []
  for (const { name, read } of pictures) sprites.push(await readSprite(name, read(), options.size))
  const boxes = sprites.map(({ spriteSourceSize: { w, h } }) => ({ width: w, height: h }))
  const packed = packBoxes(boxes, options)
  if (packed === undefined) return undefined
  const { width, height } = packed
  const data = Buffer.alloc(width * height * 4)
  const frames = sprites.map((sprite, index): Frame => {
    const place = packed.places[index]!
    copyVisible(sprite, { data, width }, place)
    const { name, spriteSourceSize, sourceSize } = sprite
    const { w, h } = spriteSourceSize
    return { name, frame: { ...place, w, h }, spriteSourceSize, sourceSize }
  })
  const picture = fromPixels({ data, width, height, channels: 4 })
  const encoded = options.format === 'png' ? picture.png() : picture.webp({ lossless: true })
  return { bytes: await encoded.toBuffer(), width, height, frames }
}

async function readSprite(name: string, bytes: Uint8Array, size: number): Promise<Sprite> {
  const { data, info } = await fromPixels(await decode(bytes))
    .resize({ width: size, height: size, fit: 'inside', withoutEnlargement: true })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { width: w, height: h } = info
  return { name, data, sourceSize: { w, h }, spriteSourceSize: visiblePart(data, w, h) }
}

/** Returns the part that is not transparent; one pixel of an empty picture. */
function visiblePart(data: Buffer, width: number, height: number): Frame['spriteSourceSize'] {
  let [left, top, right, bottom] = [width, height, 0, 0]
  for (let y = 0, at = 3; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      if (data[at] === 0) continue
      if (x < left) left = x
      if (x >= right) right = x + 1
      if (y < top) top = y
      bottom = y + 1
    }
  }
  return right === 0
    ? { x: 0, y: 0, w: 1, h: 1 }
    : { x: left, y: top, w: right - left, h: bottom - top }
}

function copyVisible(
  { data, sourceSize, spriteSourceSize: { x, y, w, h } }: Sprite,
  to: { data: Buffer; width: number },
  place: { x: number; y: number },
): void {
  for (let row = 0; row < h; row++) {
    const from = ((y + row) * sourceSize.w + x) * 4
    data.copy(to.data, ((place.y + row) * to.width + place.x) * 4, from, from + w * 4)
  }
}
