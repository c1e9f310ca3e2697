import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openProject } from '../project.ts'
import { mainOutputs } from './main-outputs.ts'

/** Returns the names of the files that a reference to an asset with these outputs selects. */
async function selected(outputs: string, presets = '{}'): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), 'limn-main-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  writeFileSync(
    join(root, 'images.yaml'),
    `version: 1\nprovider: local\npresets: ${presets}\nassets: { hero: { prompt: A boat, alt: A boat, outputs: ${outputs} } }\n`,
  )
  const { snapshot } = await openProject({ cwd: root }).planWithSnapshot()
  return mainOutputs(snapshot.manifest.assets[0]!.outputs).map(({ file }) => file)
}

const output = (name: string, width: number): string =>
  `{ name: ${name}, width: ${width}, height: 100, formats: [webp] }`

it.each([
  ['the only output', `[${output('a', 100)}]`, ['a.webp']],
  ['the widest of several', `[${output('a', 100)}, ${output('b', 300)}]`, ['b.webp']],
  [
    'a wide output before one with more files',
    `[{ name: a, widths: [100, 200], formats: [webp] }, ${output('b', 300)}]`,
    ['b.webp'],
  ],
  [
    'of equally wide outputs the one with the most files',
    `[${output('a', 200)}, { name: b, widths: [100, 200], formats: [webp] }]`,
    ['b-100.webp', 'b-200.webp'],
  ],
  ['of equal outputs the first', `[${output('b', 200)}, ${output('a', 200)}]`, ['b.webp']],
  ['no og output, though it is wider', `[og, ${output('a', 100)}]`, ['a.webp']],
  [
    'no og output under another name',
    `[{ preset: og, name: wide }, ${output('a', 9)}]`,
    ['a.webp'],
  ],
  ['no own og output', `[${output('og', 2400)}, ${output('a', 100)}]`, ['a.webp']],
  [
    'no own output for shared links',
    `[${output('og-image', 2400)}, ${output('a', 9)}]`,
    ['a.webp'],
  ],
  ['no icons', `[favicons, ${output('a', 9)}]`, ['a.webp']],
  ['no own icons', `[${output('icon-512', 512)}, ${output('a', 9)}]`, ['a.webp']],
  ['no posts, ads and print', `[social, ads, print_a4_300dpi, ${output('a', 9)}]`, ['a.webp']],
  [
    'a name that only contains such a word',
    `[${output('silicon', 300)}, ${output('a', 9)}]`,
    ['silicon.webp'],
  ],
  ['an og output if there is no other', '[og]', ['og.jpg']],
  [
    'the widest icon if there are only icons',
    '[favicons]',
    ['pwa_icon-192.png', 'pwa_icon-512.png'],
  ],
])('selects %s: %s', async (_, outputs, expected) => {
  expect(await selected(outputs)).toEqual(expected)
})

it('judges an own preset by the built-in one of its name, else by its name', async () => {
  const presets = '{ og: { width: 3000 }, wide: { width: 900, height: 90, formats: [webp] } }'
  expect(await selected('[og, wide]', presets)).toEqual(['wide.webp'])
})
