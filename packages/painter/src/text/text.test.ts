import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readFont } from './font.ts'
import { findInstalledFont } from './installed-font.ts'
import { LATIN } from './latin.ts'
import { squareFont } from './testing.ts'
import { breakLines, canSet, fitText, joinFonts } from './typeset.ts'

describe('LATIN', () => {
  it.each([
    'Größe',
    'crème brûlée',
    'žluťoučký kůň',
    'Łódź',
    'İstanbul',
    'façade',
    'Ærøskøbing',
    '¿Qué?',
  ])('has the letters of %j', (text) => {
    expect(canSet(LATIN, text)).toBe(true)
  })

  it('lacks Chinese characters', () => {
    expect(canSet(LATIN, '步骤')).toBe(false)
  })
})

describe('readFont', () => {
  it.each(['ttf', 'woff'] as const)('reads the outlines of a .%s file', (format) => {
    const font = readFont(squareFont('步', format))
    expect(font.glyphOf('骤')).toBeNull()
    expect(font.glyphOf('步')).toEqual({
      advance: 1,
      shape: [0, 0, 0, 1, 0.5, 0, 1, 0.5, -0.5, 1, 0, -0.5, 1, 0, 0, 4],
    })
  })

  it.each([[new Uint8Array(0)], [new Uint8Array(64)], [squareFont('步', 'ttf').subarray(0, 12)]])(
    'rejects bytes that are no font',
    (bytes) => {
      expect(() => readFont(bytes)).toThrow(RangeError)
    },
  )
})

describe('findInstalledFont', () => {
  it('reads the font package of a folder, and returns null without one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'limn-font-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    expect(findInstalledFont(folder)).toBeNull()
    const file = join(
      folder,
      'node_modules/@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-400-normal.woff',
    )
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, squareFont('步', 'woff'))
    expect(findInstalledFont(folder)?.glyphOf('步')).not.toBeNull()
  })
})

describe('breakLines', () => {
  it('breaks at spaces, within long words and between Chinese characters', () => {
    expect(breakLines(LATIN, 'Keep three books', 4, 9)).toEqual(['Keep', 'three', 'books'])
    expect(breakLines(LATIN, 'Donaudampfschiff', 5, 9).join('')).toBe('Donaudampfschiff')
    const font = joinFonts([LATIN, { glyphOf: () => ({ shape: [], advance: 1 }) }])
    expect(breakLines(font, '研磨咖啡豆', 2, 9)).toEqual(['研磨', '咖啡', '豆'])
  })

  it('ends the last line with an ellipsis if text is left', () => {
    expect(breakLines(LATIN, 'Keep three books', 4, 2)).toEqual(['Keep', 'three…'])
  })

  it('chooses a smaller size for a longer text', () => {
    const box = { w: 40, h: 20 }
    expect(fitText(LATIN, 'Plan', box, 10).size).toBe(10)
    expect(fitText(LATIN, 'Loosen the nuts of the wheel', box, 10).size).toBeLessThan(10)
  })
})
