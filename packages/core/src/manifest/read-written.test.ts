import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { nameOfRule, readWritten, type WrittenAsset } from './read-written.ts'
import { resolveText } from './testing.ts'

function read(text: string, name: string): WrittenAsset {
  const root = mkdtempSync(join(tmpdir(), 'limn-written-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  writeFileSync(join(root, 'images.yaml'), text)
  const { manifest, diagnostics } = resolveText(text)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const asset = manifest!.assets.find((each) => each.name === name)!
  return readWritten(root, manifest!, asset)
}

const head =
  'version: 1\nstyles: { flat: { append: Flat } }\npresets: { tile: { width: 10, height: 10 } }\n'

test.each([
  [
    'a block',
    `${head}assets:\n  hero:\n    prompt: A lighthouse\n    alt: x\n  mug:\n    # Red.\n    prompt: >-\n      A red\n      mug\n    style: flat\n    alt: y\n    outputs: [og, { preset: card, width: 200 }]\n`,
  ],
  [
    'a flow',
    `${head}assets: { hero: { prompt: A lighthouse, alt: x }, mug: { prompt: A red mug, style: flat, alt: y, outputs: [og, { preset: card, width: 200 }] } }\n`,
  ],
  [
    'an entry that takes over another one',
    `${head}assets:\n  hero: &base\n    prompt: A red mug\n    style: flat\n    alt: x\n    outputs: [og, { preset: card, width: 200 }]\n  mug:\n    <<: *base\n    alt: y\n`,
  ],
  [
    'Windows line breaks',
    `${head}assets:\n  hero: { prompt: A lighthouse, alt: x }\n\n  mug: { prompt: A red mug, style: flat, alt: y, outputs: [og, { preset: card, width: 200 }] }\n`.replaceAll(
      '\n',
      '\r\n',
    ),
  ],
])('reads the entry of an asset from %s', (_, text) => {
  const { entry, styles, presets } = read(text, 'mug')
  expect(entry).toMatchObject({ prompt: 'A red mug', style: 'flat', alt: 'y' })
  expect(entry!.outputs!.map(nameOfRule)).toEqual(['og', 'card'])
  expect(styles).toEqual(expect.arrayContaining(['flat', 'watercolor', '水彩']))
  expect(styles[0]).toBe('flat')
  expect(presets[0]).toBe('tile')
})

test('reads the entry of a matrix for each of its pictures', () => {
  const text = `${head}assets:\n  mug:\n    prompt: A {{colour}} mug\n    alt: y\n    matrix: { colour: [red, blue] }\n`
  expect(read(text, 'mug/blue').entry).toMatchObject({ prompt: 'A {{colour}} mug' })
})

test.each([
  ['og', 'og'],
  [{ preset: 'card', width: 10 }, 'card'],
  [{ preset: 'card', name: 'tile' }, 'tile'],
  [{ width: 10, height: 20 }, '10x20'],
  [{ widths: [10, 30], height: 20 }, '30x20'],
  [{ width: 10 }, '10x'],
])('names %j as pages do', (rule, name) => {
  expect(nameOfRule(rule)).toBe(name)
})
