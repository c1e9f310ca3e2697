import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import type { Overlay } from '../../manifest/overlay.ts'
import { outputOf } from '../../manifest/testing.ts'
import type { Pixels } from '../../pictures/decode.ts'
import { createOverlayDrawer } from './draw-overlay.ts'

const root = join(import.meta.dirname, '../../..')
const size = { width: 600, height: 315 }
const plain: Overlay = {
  text: 'Hello',
  template: null,
  values: {},
  files: [],
  fonts: [],
  size: null,
  color: '#ffffff',
  weight: 700,
  position: null,
  padding: 0.06,
  shade: null,
  logo: null,
  safe: null,
  lang: null,
}
const fonts = ['@fontsource/noto-sans-sc', '@fontsource/noto-sans-arabic', '@fontsource/noto-emoji']

function draw(changes: Partial<Overlay>, at: string = root, file = size): Promise<Pixels> {
  const output = outputOf({ file: 'x.png', ...file, format: 'png' })
  return createOverlayDrawer({ ...output, overlay: { ...plain, ...changes } }, at)(file)
}

/** Returns the part of a layer that is not transparent, px. */
function inked({ data, width, height }: Pixels): {
  left: number
  top: number
  right: number
  bottom: number
} {
  const box = { left: width, top: height, right: 0, bottom: 0 }
  for (let at = 3; at < data.length; at += 4) {
    if (data[at]! < 64) continue
    const [x, y] = [((at - 3) / 4) % width, Math.floor((at - 3) / 4 / width)]
    box.left = Math.min(box.left, x)
    box.top = Math.min(box.top, y)
    box.right = Math.max(box.right, x + 1)
    box.bottom = Math.max(box.bottom, y + 1)
  }
  return box
}

/** Returns the widths of the inked columns between gaps, from left to right, px. */
function shapes({ data, width, height }: Pixels): number[] {
  const found: number[] = []
  let start: number | undefined
  const isInked = (x: number): boolean => {
    for (let y = 0; y < height; y++) if (data[(y * width + x) * 4 + 3]! > 64) return true
    return false
  }
  for (let x = 0; x <= width; x++) {
    if (x < width && isInked(x)) start ??= x
    else if (start !== undefined) {
      found.push(x - start)
      start = undefined
    }
  }
  return found
}

type Script = { position: 'top-left' | 'top-right'; between: string; units: readonly string[] }

/** Reads a drawn line back: unit by unit, the one whose drawing agrees best with the line. */
async function readBack(line: Pixels, { position, between, units }: Script): Promise<string> {
  let text = ''
  for (let count = 0; count < 12; count++) {
    const tried = await Promise.all(
      units.map(async (unit) => {
        const longer = text === '' ? unit : `${text}${between}${unit}`
        const drawn = await draw({ text: longer, fonts, size: 36, position })
        return { longer, drawn, error: disagreement(line, drawn, position) }
      }),
    )
    const best = tried.reduce((a, b) => (b.error < a.error ? b : a))
    text = best.longer
    if (best.drawn.data.equals(line.data)) return text
  }
  return text
}

/** Returns by how much a line differs from a drawing of its beginning, in the columns of that. */
function disagreement(line: Pixels, beginning: Pixels, position: Script['position']): number {
  const { left, right } = inked(beginning)
  const [from, to] = position === 'top-left' ? [0, right] : [left, line.width]
  let sum = 0
  for (let y = 0; y < line.height; y++) {
    for (let x = from; x < to; x++) {
      const at = (y * line.width + x) * 4 + 3
      sum += Math.abs(line.data[at]! - beginning.data[at]!)
    }
  }
  return sum / (right - left)
}

describe('a text', () => {
  const letters: Script = { position: 'top-left', between: '', units: [...'ShipGrößen'] }
  const words = ['بصور', 'أسرع', 'أطلق', 'قادم']
  test.each<[string, Script]>([
    ['Ship', letters],
    ['Größen', letters],
    ['更快发布', { ...letters, units: [...'发快布更永过'] }],
    ['أطلق بصور أسرع', { position: 'top-right', between: ' ', units: words }],
  ])('is read back as %s', async (text, script) => {
    const { position } = script
    const line = await draw({ text, fonts, size: 36, position })
    expect(await readBack(line, script)).toBe(text)
  })

  test('is drawn from right to left in Arabic, and otherwise from left to right', async () => {
    const left = await draw({ text: 'Il', fonts, size: 40 })
    const right = await draw({ text: 'مرحبا', fonts, size: 40 })
    expect(inked(left).left).toBeLessThan(30)
    expect(inked(right).right).toBeGreaterThan(570)
    // The first of two words is on the right: the wide one.
    const words = shapes(await draw({ text: 'سسسسس ا', fonts, size: 40 }))
    expect(words.at(-1)).toBeGreaterThan(words[0]! * 3)
  })

  test.each([
    ['top-left', (box: Box) => box.left < 40 && box.top < 40],
    ['bottom-right', (box: Box) => box.right > 560 && box.bottom > 275],
    [
      'centre',
      (box: Box) => isMiddle(box.left + box.right, 600) && isMiddle(box.top + box.bottom, 315),
    ],
    ['top', (box: Box) => isMiddle(box.left + box.right, 600) && box.top < 40],
  ] as const)('is at %s', async (position, isThere) => {
    expect(isThere(inked(await draw({ position })))).toBe(true)
  })

  type Box = ReturnType<typeof inked>
  const isMiddle = (sum: number, edge: number): boolean => Math.abs(sum / 2 - edge / 2) < 8

  test('shrinks until it fits, and stays inside the safe area', async () => {
    const safe = { left: 0.2, top: 0.3, right: 0.2, bottom: 0.3 }
    for (const text of [
      'Short',
      'A headline that needs several lines to fit',
      'Donaudampfschifffahrtsgesellschaft',
      '今天我们发布新版本，更快更稳定，也更安静',
    ]) {
      const box = inked(
        await draw({ text, safe, fonts: /\p{Script=Han}/u.test(text) ? fonts : [] }),
      )
      expect(box.left).toBeGreaterThanOrEqual(119)
      expect(box.right).toBeLessThanOrEqual(481)
      expect(box.top).toBeGreaterThanOrEqual(93)
      expect(box.bottom).toBeLessThanOrEqual(222)
    }
  })

  test('draws the same bytes twice, and others for another weight, colour and language', async () => {
    const [first, again, ...others] = await Promise.all([
      draw({ text: '直骨', fonts }),
      draw({ text: '直骨', fonts }),
      draw({ text: '直骨', fonts, weight: 300 }),
      draw({ text: '直骨', fonts, color: '#ff0000' }),
      draw({ text: '直骨', fonts, size: 20 }),
    ])
    expect(first!.data.equals(again!.data)).toBe(true)
    for (const other of others) expect(first!.data.equals(other.data)).toBe(false)
  })

  test('puts a shade behind the text and the logo opposite to it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'limn-overlay-'))
    writeFileSync(
      join(folder, 'logo.svg'),
      '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="#f00"/></svg>',
    )
    const { data } = await draw(
      { logo: 'logo.svg', shade: { color: '#000000', strength: 0.5 } },
      folder,
    )
    const at = (x: number, y: number): number[] => [
      ...data.subarray((y * 600 + x) * 4).subarray(0, 4),
    ]
    expect(at(30, 30)).toEqual([255, 0, 0, 255])
    expect(at(300, 312)[3]).toBeGreaterThan(115)
    expect(at(500, 5)[3]).toBe(0)
  })
})

describe('a mistake', () => {
  test.each<[string, Partial<Overlay>, string, string]>([
    ['a character without a glyph', { text: 'Größe 你' }, 'overlay/glyph', '"你" (U+4F60)'],
    ['an emoji', { text: 'Go 🚀' }, 'overlay/glyph', '@fontsource/noto-emoji'],
    [
      'Arabic without a font',
      { text: 'مرحبا', fonts: ['@fontsource/noto-sans-sc'] },
      'overlay/glyph',
      '@fontsource/noto-sans-arabic',
    ],
    [
      'a package that is missing',
      { fonts: ['@fontsource/none'] },
      'overlay/font',
      'is not installed',
    ],
    ['a file that is missing', { fonts: ['none.ttf'] }, 'overlay/font', 'none.ttf'],
    ['a file that is no font', { fonts: ['package.json'] }, 'overlay/font', 'no font'],
    ['a text that is too long', { text: 'word '.repeat(400) }, 'overlay/too-long', 'does not fit'],
    [
      'a size that is too large',
      { text: 'Hello world', size: 300 },
      'overlay/too-long',
      'remove `size`',
    ],
  ])('names %s', async (_, changes, code, part) => {
    const error: unknown = await draw(changes).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ code })
    const { message, hint } = error as Error & { hint: string }
    expect(`${message} ${hint}`).toContain(part)
  })
})

describe('a template', () => {
  const page = (body: string): Partial<Overlay> => ({
    text: null,
    template: 'card.html',
    html: `<style>.card { display: flex; width: 100%; height: 100%; } .bar { width: 50%; height: 100%; background: #00f }</style><div class="card">${body}</div>`,
  })

  test('is drawn with its styles and its pictures', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'limn-template-'))
    await sharp({ create: { width: 8, height: 8, channels: 3, background: '#0f0' } })
      .png()
      .toFile(join(folder, 'dot.png'))
    const { data } = await draw(
      {
        ...page('<div class="bar"></div><img src="./dot.png" width="100" height="100">'),
        files: ['dot.png'],
      },
      folder,
    )
    const at = (x: number, y: number): number[] => [
      ...data.subarray((y * 600 + x) * 4).subarray(0, 4),
    ]
    expect(at(10, 10)).toEqual([0, 0, 255, 255])
    expect(at(310, 50)).toEqual([0, 255, 0, 255])
    expect(at(500, 200)[3]).toBe(0)
  })

  test.each([
    '<img src="file:///etc/passwd" width="600" height="300">',
    '<img src="../../../../etc/hostname" width="600" height="300">',
    '<img src="http://127.0.0.1:9/a.png" width="600" height="300">',
    '<div style="width:600px;height:300px;background-image:url(http://127.0.0.1:9/a.png)"></div>',
    '<script>while (true) {}</script>',
    '<iframe src="file:///etc/passwd"></iframe>',
  ])('reads no file and no address that is not its own: %s', async (body) => {
    const { data } = await draw(page(body))
    expect(data.every((value) => value === 0)).toBe(true)
  })

  test('is checked for glyphs, but not in what nobody sees', async () => {
    await expect(draw(page('<p title="你">A &#x4f60; b</p>'))).rejects.toMatchObject({
      code: 'overlay/glyph',
    })
    await draw(page('<!-- 你 --><p title="你">A &amp; b</p>'))
  })
})
