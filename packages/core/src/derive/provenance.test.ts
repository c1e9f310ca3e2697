import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { formats } from '../manifest/presets.ts'
import { resolveOutputs } from '../manifest/resolve/outputs.ts'
import { sanitizeSvg } from '../pictures/sanitize-svg.ts'
import { createCutter } from './cutter.ts'
import { markSvg } from './provenance.ts'

const MARK = 'trainedAlgorithmicMedia'
const pixels = { data: Buffer.alloc(64 * 64 * 3, 120), width: 64, height: 64, channels: 3 } as const

async function cut(widths: number[], provenance: boolean): Promise<Record<string, Buffer>> {
  const outputs = resolveOutputs([{ name: 'x', rule: { widths, formats: [...formats] } }], {
    size: { width: 64, height: 64 },
    transparent: false,
    keepsShape: false,
    vars: {},
    provenance,
  })
  const cutOutput = createCutter(pixels)
  const files = outputs.map(async (output) => [output.file, (await cutOutput(output)).bytes])
  return Object.fromEntries(await Promise.all(files)) as Record<string, Buffer>
}

/** Returns the XMP of a file. A PNG may compress it; GIF and SVG contain it as text. */
async function markIn(bytes: Buffer): Promise<string> {
  const { xmp, format } = await sharp(bytes).metadata()
  return format === 'gif' || format === 'svg' ? bytes.toString('latin1') : String(xmp)
}

/** Returns the PNGs inside an icon file. */
function picturesIn(ico: Buffer): Buffer[] {
  return Array.from({ length: ico.readUInt16LE(4) }, (_, index) => {
    const at = 6 + 16 * index
    const start = ico.readUInt32LE(at + 12)
    return ico.subarray(start, start + ico.readUInt32LE(at + 8))
  })
}

test('marks a file of every format, and every picture in an icon', async () => {
  const marked = await cut([16, 32, 48], true)
  expect(Object.keys(marked)).toHaveLength(2 + 3 * (formats.length - 2))
  const readable = Object.entries(marked).filter(([file]) => !file.endsWith('.ico'))
  for (const [file, bytes] of readable) expect(await markIn(bytes), file).toContain(MARK)
  const pictures = picturesIn(marked['x.ico']!)
  expect(pictures).toHaveLength(3)
  for (const [index, png] of pictures.entries()) {
    expect((await sharp(png).metadata()).width).toBe([16, 32, 48][index])
    expect(await markIn(png)).toContain(MARK)
  }
})

test('marks none of them without provenance', async () => {
  const plain = await cut([16, 32], false)
  for (const [file, bytes] of Object.entries(plain)) {
    expect(await markIn(file.endsWith('.ico') ? picturesIn(bytes)[0]! : bytes)).not.toContain(MARK)
  }
})

describe('markSvg', () => {
  const head = 'xmlns="http://www.w3.org/2000/svg" width="8" height="8"'
  test.each([
    ['an element', `<svg ${head}><rect width="1" height="1"/></svg>`],
    ['an empty element', `<svg ${head}/>`],
    ['an attribute with >', `<svg ${head} class="a > b"><g/></svg>`],
    ['an attribute with a dot', `<svg ${head} data.x='1'><g/></svg>`],
    ['line breaks', `<?xml version="1.0"?>\n<svg\r\n\t${head}\r\n><g/></svg>`],
  ])('marks a root with %s', async (_, svg) => {
    const marked = markSvg(new TextDecoder().decode(sanitizeSvg(Buffer.from(svg))))
    expect(marked).toContain(MARK)
    expect(await sharp(Buffer.from(marked)).metadata()).toMatchObject({ width: 8, height: 8 })
  })
})
