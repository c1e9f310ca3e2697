import { expect, test } from 'vitest'
import { formatDiagnostic, formatPlace } from '../diagnostic.ts'
import { resolveText } from './testing.ts'

const asset = 'prompt: A hill, alt: A hill'
const manifest = (body: string, head = ''): string => `version: 1\n${head}assets:\n${body}`
const hero = (more: string, head = ''): string => manifest(`  hero: { ${asset}, ${more} }\n`, head)

/** A broken manifest, and what is told of it, each as `place code: message → hint`. */
const table: [name: string, text: string, told: string[]][] = [
  ['an empty file', '', ['1:1 empty: The manifest is empty. → Write `version: 1` and an asset below `assets:`, or run `limn init` in an empty folder.']],
  ['comments alone', '# Pictures\n', ['1:1 empty: The manifest is empty. → Write `version: 1` and an asset below `assets:`, or run `limn init` in an empty folder.']],
  ['a text', 'hello', ['1:1 wrong-type: The manifest must be a map, and this is text. → Write keys below it, two spaces further in.']],
  ['a list', '- a\n- b\n', ['1:1 wrong-type: The manifest must be a map, and this is a list. → Write keys below it, two spaces further in.']],
  ['no version', `assets:\n  hero: { ${asset} }\n`, ['1:1 missing: `version` is missing. → Write `version: 1` at the top.']],
  ['another version', `version: 2\nassets:\n  hero: { ${asset} }\n`, ["1:10 wrong-value: `version` can't be 2. → Write 1."]],
  ['no assets', 'version: 1\n', ['1:1 missing: `assets` is missing. → Write `assets:` and below it a picture, as `hero: { prompt: A lighthouse at dawn }`.']],
  ['a misspelt group', `version: 1\nasets:\n  hero: { ${asset} }\n`, ['2:1 unknown-key: Unknown key "asets". → Did you mean "assets"?']],
  ['assets as a list', manifest('  - hero\n'), ['2:1 wrong-type: `assets` must be a map, and this is a list. → Write keys below it, two spaces further in.']],
  ['an asset without anything', manifest('  hero:\n'), ['3:8 wrong-type: The asset "hero" must be a map, and this is nothing. → Nothing stands after the colon: write its value there, or leave the key out.']],
  ['an asset that is text', manifest('  hero: A lighthouse\n'), ['3:9 wrong-type: The asset "hero" must be a map, and this is text. → Write keys below it, two spaces further in.']],
  ['no prompt', manifest('  hero: { alt: A hill }\n'), ['3:3 missing: `prompt` of "hero" is missing. → Write `prompt:` there…']],
  ['a misspelt prompt', manifest('  hero: { promt: A hill, alt: A hill }\n'), ['3:11 unknown-key: Unknown key "promt" in the asset "hero". → Did you mean "prompt"?']],
  ['a prompt that is a number', manifest('  hero: { prompt: 12, alt: A hill }\n'), ['3:19 wrong-type: `prompt` of "hero" must be text, and this is a number. → Put quotes around it to make it text.']],
  ['a prompt of spaces', manifest('  hero: { prompt: "  ", alt: A hill }\n'), ['3:19 prompt: The prompt of "hero" is empty. → Say what the picture shows.']],
  ['a key that is like none', hero('seed: 7'), ['3:40 unknown-key: Unknown key "seed" in the asset "hero". → Known here: prompt, …']],
  ['an unknown style', hero('style: brnad', 'styles: { brand: { append: Warm } }\n'), ['4:47 unknown-style: There is no style "brnad". → Did you mean "brand"?']],
  ['a style where there are none', hero('style: brand'), ['3:47 unknown-style: There is no style "brand". → Define it below `styles:`…']],
  ['an unknown preset', hero('outputs: [ogg]'), ['3:50 unknown-preset: There is no preset "ogg". → Did you mean "og"?']],
  ['an unknown preset within a rule', hero('outputs: [og, { preset: crad }]'), ['3:64 unknown-preset: There is no preset "crad". → Did you mean "card"?']],
  ['outputs that are no list', hero('outputs: og'), ['3:49 wrong-type: `outputs` of "hero" must be a list, and this is text. → Write a list, as `outputs: ["og"]`.']],
  ['an output that is a number', hero('outputs: [5]'), ["3:50 wrong-type: `outputs` of \"hero\" must be a preset's name or a map, and this is a number. → Write a preset, as `og`, or a size, as `{ width: 640, height: 360 }`."]],
  ['a width of nothing', hero('outputs: [{ width: 0 }]'), ['3:59 out-of-range: `width` of "hero" must be at least 1.']],
  ['a quality above 100', hero('outputs: [og]', 'presets: { og: { width: 10, quality: 101 } }\n'), ['2:38 out-of-range: `quality` of "og" must be at most 100.']],
  ['a format that is none', hero('outputs: [{ width: 8, formats: [gif] }]'), ['3:72 wrong-value: `formats` of "hero" can\'t be "gif". → Write one of avif, webp, jpeg, png…']],
  ['a colour by name', hero('outputs: [{ width: 8, background: white }]'), ['3:74 wrong-value: `background` of "hero" can\'t be "white". → Write a colour as #rgb, #rrggbb or #rrggbbaa.']],
  ['a size in words', hero('size: large'), ['3:46 wrong-value: `size` of "hero" can\'t be "large". → Write a size as WIDTHxHEIGHT, for example 1536x1024, or auto.']],
  ['a background that is none', hero('background: transparant'), ['3:52 wrong-value: `background` of "hero" can\'t be "transparant". → Did you mean "transparent"?']],
  ['yes for true', hero('decorative: yes'), ['3:52 wrong-type: `decorative` of "hero" must be true or false, and this is text. → Write true or false.']],
  ['two outputs of one file', hero('outputs: [og, { preset: og, quality: 50 }]'), ['3:40 output-collision: Two outputs of "hero" would both write og.jpg. → Remove one, or give it a `name` of its own.']],
  ['names that differ in case', manifest(`  Hero: { ${asset} }\n  hero: { ${asset} }\n`), ['4:3 name-collision: "hero" and "Hero" differ only in case: on many disks they are one file. → Rename one of them.']],
  ['a name with a space', manifest(`  my hero: { ${asset} }\n`), ['3:3 name: "my hero" can\'t be an asset\'s name. → Use letters and digits of any script, - and _, in parts joined by /, no part starting with -.']],
  ['a name that climbs', manifest(`  ../hero: { ${asset} }\n`), ['3:3 name: "../hero" can\'t be an asset\'s name. → Use letters and digits of any script, - and _, in parts joined by /, no part starting with -.']],
  ['a name with an @', manifest(`  hero@2x: { ${asset} }\n`), ['3:3 name: "hero@2x" can\'t be an asset\'s name. → Use letters and digits of any script, - and _, in parts joined by /, no part starting with -.']],
  ['a name of a device', manifest(`  icons/con: { ${asset} }\n`), ['3:3 name: "icons/con" is a reserved name. → Choose another: some systems or JavaScript keep it for themselves.']],
  ['__proto__ as a name', manifest(`  __proto__: { ${asset} }\n`), ['3:3 name: "__proto__" is a reserved name. → Choose another: JavaScript keeps it for itself.']],
  ['constructor as a name', manifest(`  constructor: { ${asset} }\n`), ['3:3 name: "constructor" is a reserved name. → Choose another: some systems or JavaScript keep it for themselves.']],
  ['__proto__ as a style', hero('style: __proto__'), ['3:47 unknown-style: There is no style "__proto__". → Define it below `styles:`…']],
  ['a name in decomposed form', manifest(`  cafe\u0301: { ${asset} }\n`), ['3:3 name: The name "cafe\u0301" is not in Unicode\'s composed form (NFC). → Type the accented letters as single letters.']],
  ['a key twice', manifest(`  hero: { ${asset} }\n  hero: { ${asset} }\n`), ['4:3 duplicate-key: "hero" is written twice. → Keep one of them; the other is on line 3.']],
  ['a group twice', `version: 1\nassets: {}\nassets: {}\n`, ['3:1 duplicate-key: "assets" is written twice. → Keep one of them; the other is on line 2.']],
  ['tabs', 'version: 1\nassets:\n\thero:\n\t\tprompt: x\n', ['3:1 syntax: A tab indents the line, and YAML takes only spaces. → …']],
  ['a colon in a plain prompt', manifest('  hero:\n    prompt: Scene: a hill\n'), ['4:13 syntax: YAML finds a second key within this value. → Put quotes around text that holds a colon and a space ("Scene: a hill"), …']],
  ['an open bracket', manifest('  hero: { prompt: x\n'), ['4:1 syntax: … → …']],
  ['two documents', `${hero('style: a')}---\nversion: 1\n`, ['4:1 syntax: The file holds several documents: … → …']],
  ['a list as a key', manifest(`  ? [a, b]\n  : { ${asset} }\n`), ['3:5 syntax: Keys must be plain text. → …']],
  ['an alias without its anchor', manifest('  hero: { prompt: *lamp, alt: x }\n'), ['3:19 alias: *lamp names an anchor that does not stand before it. → Write &lamp at the value it stands for, or quotes around the text.']],
  ['an out folder that climbs', hero('outputs: [og]', 'out: ../public\n'), ['2:6 path: `out` must be a folder inside the project, and "../public" is not. → Write it relative to the manifest, as public/images.']],
  ['an absolute out folder', hero('outputs: [og]', 'out: C:\\public\n'), ['2:6 path: `out` must be a folder inside the project, and "C:/public" is not. → Write it relative to the manifest, as public/images.']],
  ['the masters’ folder as out', hero('outputs: [og]', 'out: ./images/\n'), ['2:6 path: `out` can\'t be "images": masters or tools keep their files there. → Choose another folder, as public/images.']],
  ['an illegal size', hero('size: 1000x1000', 'provider: openai\n'), ["4:46 size: gpt-image-2.5-flare can't draw 1000x1000: it needs both edges divisible by 16. → Write 1008x1008, or leave `size` out: Limn then picks the smallest that covers every output."]],
  ['a quality that the model lacks', hero('quality: max, model: gpt-image-2', 'provider: openai\n'), ['4:49 quality: gpt-image-2 has no quality "max". → Write one of low, medium, high, auto.']],
  ['a ground that the model can’t draw', hero('background: transparent', 'provider: openai\ndefaults: { model: gpt-image-2 }\n'), ["5:52 background: gpt-image-2 can't draw on a transparent ground. → Name a model that can, as gpt-image-2.6-sunburst."]],
  ['a transparent JPEG', hero('background: transparent, format: jpeg', 'provider: openai\n'), ['4:73 format: A JPEG has no transparent ground. → Write `format: png` or `format: webp`.']],
  ['a preset’s name with a slash', hero('outputs: [a/b]', 'presets: { a/b: { width: 8 } }\n'), ['2:12 name: "a/b" can\'t be a preset\'s name. → Use letters, digits, - and _.']],
]

test.each(table)('tells of %s', (_, text, told) => {
  const { diagnostics } = resolveText(text)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const said = errors.map(({ code, place, message, hint }) => `${place.line}:${place.column} ${code.replace('manifest/', '')}: ${message}${hint === undefined ? '' : ` → ${hint}`}`)
  expect(said).toHaveLength(told.length)
  for (const [index, expected] of told.entries()) {
    const pattern = expected.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')
    expect(said[index]).toMatch(new RegExp(`^${pattern}$`))
  }
  for (const diagnostic of errors) {
    expect(diagnostic.frame).toContain('^')
    expect(formatDiagnostic(diagnostic).startsWith(formatPlace(diagnostic.place))).toBe(true)
  }
})

test.each<[string, string, string]>([
  ['a model it does not know', hero('model: gpt-image-3', 'provider: openai\ndefaults: { outputs: [og] }\n'), '4:47 unknown-model: Limn does not know the model "gpt-image-3": its abilities are not checked and its price is unknown.'],
  ['a model that retires', hero('model: gpt-image-1.5', 'provider: openai\n'), "4:47 retired-model: OpenAI's shutdown date for gpt-image-1.5 is 2026-12-01."],
  ['a picture without alt', manifest('  hero: { prompt: A hill }\n'), '3:3 no-alt: "hero" has no `alt`.'],
  ['an alt of what is decorative', hero('decorative: true'), '3:32 alt: "hero" is decorative and has an `alt` all the same.'],
])('warns of %s, and goes on', (_, text, told) => {
  const { manifest: resolved, diagnostics } = resolveText(text)
  expect(resolved!.assets).toHaveLength(1)
  expect(diagnostics.map(({ severity, code, place, message }) => `${severity} ${place.line}:${place.column} ${code.replace('manifest/', '')}: ${message}`)).toContain(`warning ${told}`)
  expect(resolved!.warnings).toEqual(diagnostics)
})

test('tells many mistakes at once, in the order of the file', () => {
  const text = `version: 3
provider: opnai
styles:
  brand: { apend: Warm }
assets:
  a: { prompt: 1, style: brnad }
  b: { alt: x, outputs: [nope, { widht: 8 }] }
  B: { prompt: x, alt: x, quality: 5 }
`
  expect(resolveText(text).diagnostics.filter(({ severity }) => severity === 'error').map(({ place, code }) => `${place.line}:${place.column} ${code}`)).toEqual([
    '1:10 manifest/wrong-value',
    '2:11 manifest/wrong-value',
    '4:12 manifest/unknown-key',
    '6:16 manifest/wrong-type',
    '6:26 manifest/unknown-style',
    '7:3 manifest/missing',
    '7:26 manifest/unknown-preset',
    '7:34 manifest/unknown-key',
    '8:3 manifest/name-collision',
    '8:36 manifest/wrong-type',
  ])
})

test('counts places alike with CRLF, and after a byte order mark that the reader took off', () => {
  const text = hero('style: brnad').replaceAll('\n', '\r\n')
  const diagnostic = resolveText(text).diagnostics.find(({ severity }) => severity === 'error')
  expect(diagnostic!.place).toMatchObject({ line: 3, column: 47, length: 5 })
  expect(diagnostic!.frame).not.toContain('\r')
})

test('bounds aliases, so that a few lines can’t become gigabytes', () => {
  const bomb = ['version: 1', 'a: &a [x,x,x,x,x,x,x,x,x]', ...'bcdefghi'.split('').map((name, i) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefghi'[i]}`).join(',')}]`), 'assets: {}'].join('\n')
  const started = performance.now()
  const { manifest: resolved, diagnostics } = resolveText(bomb)
  expect(resolved).toBeUndefined()
  expect(diagnostics).toMatchObject([{ code: 'manifest/alias' }])
  expect(performance.now() - started).toBeLessThan(2000)
})

test('ends with no output rule where every preset is unknown', () => {
  expect(resolveText(hero('outputs: [nope, nada]')).diagnostics).toHaveLength(2)
})
