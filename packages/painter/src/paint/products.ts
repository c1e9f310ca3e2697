import type { Noun } from '../scene/read-words.ts'
import { bag, tshirt } from './apparel.ts'
import { camera, headphones, laptop, phone, watch } from './devices.ts'
import { book, candle, chair, lamp, sofa, vase } from './home-goods.ts'
import { paintShoes } from './shoes.ts'
import type { ThingPainter } from './thing-painter.ts'
import { bottle, mug, perfume } from './vessels.ts'

/** What can be drawn of products. */
export const PRODUCT_PAINTERS: Readonly<Partial<Record<Noun, ThingPainter>>> = {
  mug,
  bottle,
  perfume,
  shoe: paintShoes,
  bag,
  watch,
  headphones,
  lamp,
  chair,
  sofa,
  phone,
  laptop,
  camera,
  vase,
  candle,
  tshirt,
  book,
}
