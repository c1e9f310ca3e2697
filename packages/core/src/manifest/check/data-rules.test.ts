import { describe, expect, it, test } from 'vitest'
import { formatPlace } from '../../diagnostic.ts'
import { readFiles } from '../data/testing.ts'

const asset = (matrix: string, rest = ''): string =>
  `version: 1\nprovider: openai\nassets:\n  p:\n    matrix: ${matrix}\n    prompt: "{{title}}"\n    alt: "{{title}}"\n    outputs: [og]\n${rest}`

async function namesOf(texts: Readonly<Record<string, string>>): Promise<string[]> {
  const { manifest, diagnostics } = await readFiles(texts)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return manifest!.assets.map(({ name }) => name)
}

async function mistakesOf(texts: Readonly<Record<string, string>>): Promise<string[]> {
  const { diagnostics } = await readFiles(texts)
  return diagnostics.map(
    ({ place, code, message, hint }) => `${formatPlace(place)} ${code} ${message} ${hint}`,
  )
}

const csv = 'slug,title,color\nmug,A mug,red\ncup,A cup,blue\n'

describe('the name of a row', () => {
  it.each([
    ['from slug', '{ from: x.csv }', 'slug,id,title\nb,1,x\na,2,y\n', ['p/a', 'p/b']],
    ['from name', '{ from: x.csv }', 'name,id,title\nb,1,x\n', ['p/b']],
    ['from id', '{ from: x.csv }', 'title,id\nx,7\n', ['p/7']],
    ['from a column', '{ from: x.csv, name: sku }', 'slug,sku,title\nb,1.2,x\n', ['p/1-2']],
    ['with slashes', '{ from: x.csv }', 'slug,title\n/2024/a b/,x\n', ['p/2024/a-b']],
    [
      'of any script',
      '{ from: x.csv }',
      'slug,title\n灯塔,x\nCafe\u0301,y\n',
      ['p/Café', 'p/灯塔'],
    ],
    ['that leads nowhere', '{ from: x.csv }', 'slug,title\n../../a.b,x\n', undefined],
  ])('comes %s', async (_, matrix, text, expected) => {
    const texts = { 'images.yaml': asset(matrix), 'x.csv': text }
    if (expected === undefined) {
      expect(await mistakesOf(texts)).toEqual([expect.stringContaining('x.csv:2:1')])
    } else expect(await namesOf(texts)).toEqual(expected)
  })

  it.each([
    ['x.json', '{"b":{"title":"x"},"a":{"title":"y"}}', ['p/a', 'p/b']],
    ['x.yaml', 'b: { title: x }\na: { title: y }\n', ['p/a', 'p/b']],
    ['posts/b.md', '---\ntitle: x\n---\n', ['p/b']],
    ['posts/b/index.mdx', '---\ntitle: x\n---\n', ['p/b']],
  ])('is the key of its entry or the name of its file: %s', async (path, text, expected) => {
    expect(await namesOf({ 'images.yaml': asset(`{ from: ${path} }`), [path]: text })).toEqual(
      expected,
    )
  })

  it('stays when rows move', async () => {
    const read = async (lines: string[]): Promise<unknown> => {
      const text = ['slug,title,color', ...lines].join('\n')
      const { manifest } = await readFiles({
        'images.yaml': asset('{ from: x.csv }'),
        'x.csv': text,
      })
      return manifest!.assets.map(({ name, prompt }) => [name, prompt])
    }
    expect(await read(['a,A,1', 'b,B,2', 'c,C,3'])).toEqual(await read(['c,C,3', 'a,A,1', 'b,B,2']))
  })
})

test('rows combine with lists, and are left out and extended', async () => {
  const matrix =
    '{ from: x.csv, size: [s, l], exclude: [{ slug: mug, size: l }], include: [{ slug: cup, title: A cup, extra: x }] }'
  const { manifest } = await readFiles({
    'images.yaml': asset(matrix).replace('"{{title}}"', '"{{title}} {{size}} {{color}}"'),
    'x.csv': csv,
  })
  expect(manifest!.assets.map(({ name, prompt }) => [name, prompt])).toEqual([
    ['p/cup/l', 'A cup l blue'],
    ['p/cup/s', 'A cup s blue'],
    ['p/mug/s', 'A mug s red'],
  ])
})

it.each([
  ['a CSV file', 'x.csv', 'slug,title,draft\na,A,true\nb,B,false\n'],
  ['YAML', 'x.yaml', 'a: { title: A, draft: true }\nb: { title: B }\n'],
  ['lists', 'x.json', '[{"slug":"a","title":"A","draft":["true"]},{"slug":"b","title":"B"}]'],
])('leaves out drafts of %s', async (_, path, text) => {
  const matrix = `{ from: ${path}, exclude: [{ draft: true }] }`
  expect(await namesOf({ 'images.yaml': asset(matrix), [path]: text })).toEqual(['p/b'])
})

it('lets a row have a prompt, an alt and styles of its own', async () => {
  const { manifest, diagnostics } = await readFiles({
    'images.yaml': asset('{ from: x.csv }', 'styles:\n  warm: { append: Warm. }\n'),
    'x.csv':
      'slug,title,prompt,alt,style\na,A,,,\nb,B,Own {{title}},Own alt,"warm, watercolor"\nc,C {{x}},,,\n',
  })
  expect(diagnostics).toEqual([])
  expect(manifest!.assets.map(({ prompt, alt }) => [prompt, alt])).toMatchObject([
    ['A', 'A'],
    [expect.stringMatching(/^Own B\. Warm\. /), 'Own alt'],
    ['C {{x}}', 'C {{x}}'],
  ])
  expect(manifest!.assets[1]!.row).toMatchObject({ file: 'x.csv', line: 3, column: 1 })
})

it('finds data files next to the file that names them', async () => {
  const texts = {
    'images.yaml': 'version: 1\ninclude: [shop/images.yaml]\n',
    'shop/images.yaml': asset('{ from: ./data/x.csv }').replace('provider: openai\n', ''),
    'shop/data/x.csv': csv,
  }
  expect(await namesOf(texts)).toEqual(['p/cup', 'p/mug'])
})

describe('a mistake', () => {
  it.each([
    ['{ from: y.csv }', csv, 'images.yaml:5:21 manifest/data There is no file y.csv.'],
    ['{ from: ../x.csv }', csv, 'images.yaml:5:21 manifest/data Data files must be inside'],
    ['{ from: /x.csv }', csv, 'images.yaml:5:21 manifest/data Data files must be inside'],
    ['{ from: "posts/*.md" }', csv, 'images.yaml:5:21 manifest/data No file matches'],
    ['{ from: images.yaml }', csv, 'images.yaml is the manifest itself.'],
    [
      '{ from: x.csv, name: sluk }',
      csv,
      'images.yaml:5:34 manifest/data There is no column "sluk". Did you mean "slug"?',
    ],
    ['{ from: x.csv }', 'a,title\n1,2\n', 'No column names the rows.'],
    ['{ name: slug, title: [red] }', csv, 'images.yaml:5:21 manifest/data `name` names the column'],
    ['{ from: x.csv, include: [{ slug: jug }] }', csv, 'No row of the data matches'],
    [
      '{ from: x.csv }',
      `${csv}mug,Other,red\n`,
      'x.csv:4:1 manifest/duplicate-name Two rows have the name "mug". Rename one of them. The other is at x.csv:2:1.',
    ],
    [
      '{ from: x.csv }',
      `${csv}MUG,Other,red\n`,
      'x.csv:4:1 manifest/duplicate-name The names "MUG" and "mug" differ only in case',
    ],
    [
      '{ from: x.csv }',
      `${csv},Other,red\n`,
      'x.csv:4:1 manifest/data The row has no `slug`, which names it.',
    ],
    ['{ from: x.csv }', `${csv}"?!",Other,red\n`, 'x.csv:4:1 manifest/data "?!" is not a name'],
    [
      '{ from: x.csv }',
      `${csv}con,Other,red\n`,
      'x.csv:4:1 manifest/name "p/con" is a reserved name.',
    ],
    [
      '{ from: x.csv }',
      `${csv}jug,,red\n`,
      'x.csv:4:5 manifest/empty-cell The row has no value for {{title}}.',
    ],
    ['{ from: x.csv }', `${csv}"jug,A,red\n`, 'x.csv:4:1 manifest/data The quote that opens here'],
    [
      '{ from: x.csv }',
      'slug,titel\na,A\n',
      'images.yaml:6:13 manifest/unknown-variable {{title}} is not defined. Did you mean "titel"?',
    ],
    [
      '{ from: x.csv }',
      'slug,title,style\na,A,nostyle\n',
      'x.csv:2:5 manifest/unknown-style There is no style "nostyle".',
    ],
    [
      '{ from: x.csv }',
      'slug,title,prompt\na,A,{{b}}\n',
      'x.csv:2:5 manifest/unknown-variable {{b}} is not defined.',
    ],
    ['{ from: x.csv }', '', 'x.csv:1:1 manifest/data x.csv is empty.'],
    [
      `{ from: x.csv, n: [${Array.from({ length: 5001 }, (_, n) => n).join()}] }`,
      csv,
      'The matrix of "p" defines 10,002 pictures',
    ],
  ])('is reported where it is: %#', async (matrix, text, expected) => {
    const mistakes = await mistakesOf({ 'images.yaml': asset(matrix), 'x.csv': text })
    expect(mistakes.join('\n')).toContain(expected)
    expect(mistakes.length).toBeLessThan(3)
  })

  it('in the name of a post names both files', async () => {
    const post = '---\ntitle: A\n---\n'
    const texts = { 'posts/a/index.md': post, 'posts/a.md': post }
    const mistakes = await mistakesOf({ 'images.yaml': asset('{ from: posts/*.md }'), ...texts })
    expect(mistakes).toEqual([
      expect.stringMatching(/^posts\/a\/index\.md:1:1 .* The other is at posts\/a\.md:1:1\.$/),
    ])
  })

  it('in the data is not reported again where a row is used', async () => {
    const yaml = asset('{ from: x.csv }').replace(
      'assets:\n',
      'assets:\n  big: { prompt: x, alt: x, outputs: [og], references: [p/mug] }\n',
    )
    expect(await mistakesOf({ 'images.yaml': yaml, 'x.csv': `${csv}"` })).toHaveLength(1)
    expect(await mistakesOf({ 'images.yaml': yaml })).toHaveLength(1)
    expect(await mistakesOf({ 'images.yaml': yaml, 'x.csv': csv })).toEqual([])
  })

  it('of many rows is reported for the first of them', async () => {
    const lines = Array.from({ length: 500 }, (_, number) => `r${number},`)
    const text = ['slug,title', ...lines].join('\n')
    const mistakes = await mistakesOf({ 'images.yaml': asset('{ from: x.csv }'), 'x.csv': text })
    expect(mistakes).toHaveLength(20)
  })
})

describe('an output of each row', () => {
  const card = (outputs: string): string =>
    `version: 1\nprovider: openai\nassets:\n  card: { prompt: A card, alt: A card, outputs: ${outputs} }\n`

  it.each([
    ['[{ preset: og, each: { from: x.csv } }]', ['og-mug', 'og-cup']],
    [
      '[og, { name: wide, width: 64, height: 32, formats: [png], each: { from: x.csv } }]',
      ['og', 'wide-mug', 'wide-cup'],
    ],
    [
      '[{ width: 64, height: 32, formats: [png], each: { from: x.csv, name: title } }]',
      ['64x32-A-mug', '64x32-A-cup'],
    ],
  ])('is named after it: %s', async (outputs, expected) => {
    const { manifest, diagnostics } = await readFiles({
      'images.yaml': card(outputs),
      'x.csv': csv,
    })
    expect(diagnostics).toEqual([])
    const [asset] = manifest!.assets
    expect([...new Set(asset!.outputs.map(({ preset }) => preset))]).toEqual(expected)
  })

  it.each([
    ['"{{title}} in {{color}}"', ['A mug in red', 'A cup in blue']],
    ['{ text: { mug: Hot, cup: Cold } }', ['Hot', 'Cold']],
  ])('has the columns as variables of its overlay: %s', async (overlay, expected) => {
    const { manifest, diagnostics } = await readFiles({
      'images.yaml': card(`[{ preset: og, overlay: ${overlay}, each: { from: x.csv } }]`),
      'x.csv': csv,
    })
    expect(diagnostics).toEqual([])
    expect(manifest!.assets[0]!.outputs.map((output) => output.overlay!.text)).toEqual(expected)
  })

  it('reports a column that its data does not have', async () => {
    const outputs = '[{ preset: og, overlay: "{{titel}}", each: { from: x.csv } }]'
    const [mistake] = await mistakesOf({ 'images.yaml': card(outputs), 'x.csv': csv })
    expect(mistake).toContain('{{titel}} is not defined')
  })

  it('is one of at most 10,000', async () => {
    const rows = Array.from({ length: 5001 }, (_, number) => `r${number}\n`).join('')
    const each = '{ width: 8, height: 8, formats: [png], each: { from: x.csv } }'
    const outputs = `[${each}, ${each.replace('width', 'name: b, width')}]`
    const mistakes = await mistakesOf({ 'images.yaml': card(outputs), 'x.csv': `slug\n${rows}` })
    expect(mistakes).toEqual([expect.stringContaining('stands for 10,002 rows')])
  })

  it('reports two rows with one name, and data that is missing', async () => {
    const outputs = '[{ preset: og, each: { from: x.csv } }]'
    const twice = await mistakesOf({ 'images.yaml': card(outputs), 'x.csv': `${csv}mug,x,y\n` })
    expect(twice[0]).toContain('x.csv:4:1 manifest/duplicate-name Two rows have the name "mug".')
    const missing = await mistakesOf({ 'images.yaml': card(outputs) })
    expect(missing).toEqual([
      expect.stringMatching(/^images.yaml:4:\d+ manifest\/data There is no/),
    ])
  })
})
