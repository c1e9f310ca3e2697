import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createTestProject, type Run, type TestProject } from './test-project.ts'

const fontsource = join(import.meta.dirname, '../node_modules/@fontsource/noto-sans-sc')
const han = readFileSync(join(fontsource, 'files/noto-sans-sc-119-700-normal.woff2'))
const latin = readFileSync(join(fontsource, 'files/noto-sans-sc-latin-700-normal.woff2'))
const thin = readFileSync(join(fontsource, 'files/noto-sans-sc-latin-300-normal.woff2'))

/** A package of Fontsource with the common characters of Chinese. */
const pack = (version: string): Record<string, string> => ({
  'node_modules/@fontsource/mini/package.json': JSON.stringify({ name: 'mini', version }),
})
const manifest = `version: 1
provider: openai
vars: { site: Beans }
assets:
  hero:
    prompt: A cup of coffee
    alt: A cup
    outputs:
      - name: card
        width: 240
        height: 126
        formats: [png]
        each: { lang: [en, de, zh] }
        overlay:
          text: { en: Slowly, de: Langsam, zh: 中日月 }
          font: [fonts/latin.woff2, '@fontsource/mini']
      - { name: page, width: 240, height: 126, formats: [png], overlay: { template: page.html } }
      - { name: plain, width: 120, height: 63, formats: [webp] }
`
const page = '<div style="color: #fff; font-size: 24px">\n  {{site}} & {{alt}}\n</div>\n'
const files = {
  'images.yaml': manifest,
  'page.html': page,
  'fonts/latin.woff2': latin,
  ...pack('1.0.0'),
  'node_modules/@fontsource/mini/metadata.json': JSON.stringify({
    id: 'mini',
    family: 'Mini',
    weights: [400, 700],
  }),
  'node_modules/@fontsource/mini/unicode.json': JSON.stringify({ '[1]': 'U+4E00-9FFF' }),
  'node_modules/@fontsource/mini/files/mini-1-700-normal.woff2': han,
}

/** Returns the files that a run derived, without those that the cache had. */
function derivedBy({ events }: Run): string[] {
  return events.flatMap((event) => (event.type === 'derived' ? [event.file] : [])).sort()
}

const cards = ['card-de.png', 'card-en.png', 'card-zh.png']

test('derives only what a changed text, template, font or package affects, and requests nothing', async () => {
  const project = await createTestProject({ files, server: true })
  const first = await project.generate()
  expect(first).toMatchObject({ generated: 1, failed: [] })
  expect(derivedBy(first)).toEqual([...cards, 'page.png', 'plain.webp'])
  expect((await project.cli(['plan'])).stdout).toContain('Nothing to do')

  const changes: [what: () => void, derived: string[]][] = [
    [() => project.edit('de: Langsam', 'de: Gemach'), ['card-de.png']],
    [() => project.edit('site: Beans', 'site: Café'), ['page.png']],
    [() => project.write('page.html', page.replace('24px', '30px')), ['page.png']],
    [
      () =>
        project.write(
          'node_modules/@fontsource/mini/package.json',
          pack('1.0.1')['node_modules/@fontsource/mini/package.json']!,
        ),
      cards,
    ],
    [() => project.write('fonts/latin.woff2', thin), cards],
    [() => project.edit('each: { lang: [en, de, zh] }', 'each: { lang: [en, zh] }'), []],
  ]
  for (const [change, derived] of changes) {
    change()
    const plan = await project.cli(['plan', '--detailed-exitcode'])
    expect(plan.code).toBe(derived.length === 0 ? 0 : 2)
    const run = await project.generate()
    expect(run).toMatchObject({ requested: [], generated: 0, failed: [], usd: 0 })
    expect(derivedBy(run)).toEqual(derived)
  }
  // Git may rewrite the line endings of a template.
  project.write('page.html', page.replace('24px', '30px').replaceAll('\n', '\r\n'))
  await project.expectUpToDate()
})

test('reports what a text lacks before it pays for the picture', async () => {
  const project = await createTestProject({ files, server: true })
  const mistakes: [change: () => void, message: RegExp][] = [
    [() => project.edit('de: Langsam', 'de: Łódź'), /no glyph for "Ł" \(U\+0141\)/],
    [() => project.edit('de: Łódź', 'de: 𠮷'), /no glyph for "𠮷" \(U\+20BB7\)/],
    [
      () => project.edit('@fontsource/mini', '@fontsource/none'),
      /package @fontsource\/none.* not installed/,
    ],
    [
      () => project.edit("font: [fonts/latin.woff2, '@fontsource/none']", 'font: fonts/none.ttf'),
      /no file fonts\/none\.ttf/,
    ],
    [
      () => project.write('page.html', page.replace('{{site}}', '{{sit}}')),
      /page\.html:2:3[^]*\{\{sit\}\} is not defined[^]*site/,
    ],
  ]
  for (const [change, message] of mistakes) {
    change()
    if (String(message).includes('page')) restoreFonts(project)
    const { code, stderr, stdout } = await project.cli(['generate'])
    expect(code).not.toBe(0)
    expect(stdout + stderr).toMatch(message)
  }
  expect(project.server.requests).toEqual([])
})

function restoreFonts({ edit }: TestProject): void {
  edit('font: fonts/none.ttf', 'font: fonts/latin.woff2')
  edit('de: 𠮷', 'de: Langsam')
  edit('zh: 中日月', 'zh: Lento')
}
