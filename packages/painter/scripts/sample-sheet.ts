/**
 * Draws the contact sheet of README.md, `sample-sheet.jpg`. Run it with `pnpm --filter
 * @limn/painter sample-sheet` after a change to the prompts or to the pictures.
 */
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { drawPicture } from '../src/index.ts'

/** In reading order, as README.md lists them. */
const PROMPTS = [
  'A lighthouse at dawn over a calm sea',
  'A mountain lake, watercolor',
  'An old bookshop on a rainy street, dusk',
  'A cozy living room with a pool and a flamingo',
  'A fox reading a map in an autumn forest',
  '一只橙色的猫坐在窗边',
  'An owl in a forest at night',
  'Hot air balloons over a desert at sunrise',
  'A city skyline at sunset',
  'Tulip fields with a farmhouse, spring',
  'Mountains, black and white',
  'A beach umbrella by the sea, summer',
  '水墨风格的山水',
  'Floating islands, game environment',
  'A space station above a ringed planet',
  'A whale under the sea',
  'A red ceramic mug on a white table',
  'A magic potion, game item',
  'A knight with blue armour',
  'Portrait of a smiling woman with glasses, pastel',
  'Four steps to brew pour-over coffee',
  'A dashboard website',
  'Seamless pattern of leaves, teal',
  '春节贺卡，红色，灯笼',
  'Three steps: plan, build and ship',
  'A fox in a forest, pencil sketch',
  'A lighthouse by the sea, woodcut',
  'Misty mountains above a lake, flat vector illustration',
  'Portrait of a bearded man with grey hair and a cap',
  'A blue dress on a hanger',
  'A floor plan',
  'A golden crown on a cushion',
]

const COLUMNS = 4
/** px */
const WIDTH = 300
/** px */
const HEIGHT = 200
/** px between two pictures and around the sheet */
const GAP = 8

const rows = Math.ceil(PROMPTS.length / COLUMNS)
const pictures = PROMPTS.map((prompt, index) => ({
  input: Buffer.from(drawPicture({ prompt, width: WIDTH, height: HEIGHT, transparent: false })),
  left: GAP + (index % COLUMNS) * (WIDTH + GAP),
  top: GAP + Math.floor(index / COLUMNS) * (HEIGHT + GAP),
}))

await sharp({
  create: {
    width: GAP + COLUMNS * (WIDTH + GAP),
    height: GAP + rows * (HEIGHT + GAP),
    channels: 3,
    background: '#ffffff',
  },
})
  .composite(pictures)
  .jpeg({ quality: 72, mozjpeg: true })
  .toFile(fileURLToPath(new URL('../sample-sheet.jpg', import.meta.url)))
