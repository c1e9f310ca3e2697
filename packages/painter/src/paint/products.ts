import type { Noun } from '../scene/read-words.ts'
import { paintBag, paintDress, paintTShirt } from './apparel.ts'
import { paintCamera, paintHeadphones, paintLaptop, paintPhone, paintWatch } from './devices.ts'
import {
  paintBook,
  paintCandle,
  paintChair,
  paintLamp,
  paintSofa,
  paintVase,
} from './home-goods.ts'
import { paintShoes } from './shoes.ts'
import type { ThingPainter } from './thing-painter.ts'
import { paintBottle, paintMug, paintPerfume } from './vessels.ts'

/** The painter of each product. */
export const PRODUCT_PAINTERS: Readonly<Partial<Record<Noun, ThingPainter>>> = {
  mug: paintMug,
  bottle: paintBottle,
  perfume: paintPerfume,
  shoe: paintShoes,
  bag: paintBag,
  watch: paintWatch,
  headphones: paintHeadphones,
  lamp: paintLamp,
  chair: paintChair,
  sofa: paintSofa,
  phone: paintPhone,
  laptop: paintLaptop,
  camera: paintCamera,
  vase: paintVase,
  candle: paintCandle,
  tshirt: paintTShirt,
  dress: paintDress,
  book: paintBook,
}
