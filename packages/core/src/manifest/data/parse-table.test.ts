import { describe, expect, it } from 'vitest'
import { formatPlace } from '../../diagnostic.ts'
import { cutFrontMatter } from './cut-front-matter.ts'
import { placeOfRow } from './data-table.ts'
import { parseTable } from './parse-table.ts'

const valuesOf = (path: string, text: string): unknown[] => {
  const { rows, mistakes } = parseTable([{ path, text }])
  expect(mistakes).toEqual([])
  return rows.map(({ values }) => values)
}

const mistakeOf = (path: string, text: string): string => {
  const [mistake, ...others] = parseTable([{ path, text }]).mistakes
  expect(others).toEqual([])
  return `${formatPlace(mistake!.place)} ${mistake!.message} ${mistake!.hint}`
}

describe('a CSV file', () => {
  it.each([
    ['commas', 'a,b\n1,2\n'],
    ['semicolons', 'a;b\n1;2\n'],
    ['semicolons, and commas in a quoted name', 'a;b;"x,y,z"\n1;2;\n'],
    ['tabs', 'a\tb\n1\t2\n'],
    ['a line that names the delimiter', 'sep=;\na;b\n1;2\n'],
    ['CRLF and no last line break', 'a,b\r\n1,2'],
    ['CR only', 'a,b\r1,2\r'],
    ['empty lines and cells', '\na,b,\n\n1,2,\n,,\n'],
    ['white space around cells', 'a , b\n 1 , 2\n'],
  ])('is read with %s', (_, text) => {
    expect(valuesOf('x.csv', text)).toEqual([{ a: '1', b: '2' }])
  })

  it('has quotes, delimiters and line breaks in quoted cells', () => {
    expect(valuesOf('x.csv', 'a,b\r\n"say ""hi""","1,\r\n2"\r\n x"y ,z\r\n')).toEqual([
      { a: 'say "hi"', b: '1,\n2' },
      { a: 'x"y', b: 'z' },
    ])
  })

  it('keeps values as they are written, composed', () => {
    expect(valuesOf('x.csv', 'a,b,c\n007,1.10,Cafe\u0301\n')).toEqual([
      { a: '007', b: '1.10', c: 'Café' },
    ])
  })

  it('knows where each cell is', () => {
    const { rows } = parseTable([{ path: 'x.csv', text: 'a,b\n"1\n2",3\n  4, 5\n' }])
    const places = rows.map((row) => formatPlace(placeOfRow(row, 'b')))
    expect(places).toEqual(['x.csv:3:4', 'x.csv:4:6'])
  })

  it.each([
    ['a,b\n"1,2\n', 'x.csv:2:1 The quote that opens here is not closed.'],
    ['a,b\n"1"x,2\n', 'x.csv:2:4 Text follows a closing quote.'],
    ['a,b\n1,2,3\n', 'x.csv:2:5 The line has 3 cells, but the header has 2.'],
    ['a,b,a\n', 'x.csv:1:5 The column "a" appears twice.'],
    ['a,__proto__\n1,2\n', 'x.csv:1:3 "__proto__" is a reserved name.'],
    ['', 'x.csv:1:1 x.csv is empty.'],
    [' \r\n\n', 'x.csv:1:1 x.csv is empty.'],
  ])('with a mistake is reported: %j', (text, expected) => {
    expect(mistakeOf('x.csv', text)).toContain(expected)
  })
})

describe('a file that is too large', () => {
  it('is reported at its first column or row that is too many', () => {
    const columns = Array.from({ length: 501 }, (_, number) => `c${number}`)
    expect(mistakeOf('x.csv', columns.join())).toContain('more than 500 columns')
    const rows = '1\n'.repeat(10_001)
    expect(mistakeOf('x.csv', `a\n${rows}`)).toContain('x.csv:10002:1 There are more than 10,000')
  })
})

describe('a JSON file', () => {
  it.each([
    ['a list', '[{"a":"1","b":2.50,"c":true,"d":null,"e":"","f":-1e3}]'],
    ['a map with one list', '{"rows":[{"a":"1","b":2.50,"c":true,"f":-1e3}]}'],
    ['a map by name', '{"x":{"a":"1","b":2.50,"c":true,"f":-1e3}}'],
    ['white space', '\r\n[ { "a" : "1" , "b":2.50,\n"c":true,"f":-1e3 } ]\n'],
  ])('is read as %s, with values as they are written', (_, text) => {
    expect(valuesOf('x.json', text)).toEqual([{ a: '1', b: '2.50', c: 'true', f: '-1e3' }])
  })

  it('has maps as columns with dots, and lists of texts', () => {
    const text = '[{"author":{"name":"Ann","links":{"web":"x"}},"tags":["a",1],"parts":[{"a":1}]}]'
    expect(valuesOf('x.json', text)).toEqual([
      { 'author.name': 'Ann', 'author.links.web': 'x', tags: ['a', '1'] },
    ])
  })

  it.each([
    ['{"a":1}', 'x.json:1:2 A data file must have a list of maps'],
    ['[1]', 'x.json:1:2 A data file must have a list of maps'],
    ['"text"', 'x.json:1:1 A data file must have a list of maps'],
    ['[{"a":1},]', 'x.json:1:10 JSON does not allow "]" here.'],
    ['[{"a":1}', 'x.json:1:8 The JSON text ends too early.'],
    ['[{a:1}]', 'x.json:1:3 JSON does not allow "a" here.'],
    ['[{"a":01}]', 'x.json:1:7 JSON does not allow "01" here.'],
    ['// x\n[]', 'x.json:1:1 JSON does not allow'],
    ['[{"a":"1}]', 'x.json:1:7 The quote that opens here is not closed'],
    [
      '[{"a":1,"a":2}]',
      'x.json:1:13 The column "a" appears twice. Rename one of them; the other is at',
    ],
    ['{"x":{"a":1},\n"x":{"a":2}}', 'x.json:2:1 The key "x" appears twice.'],
    ['[{"__proto__":{"polluted":1}}]', '"__proto__" is a reserved name.'],
    [`[{"a":${'['.repeat(5000)}`, 'nested too deeply'],
    [`[${'{"a":'.repeat(60)}`, 'nested too deeply'],
  ])('with a mistake is reported: %#', (text, expected) => {
    expect(mistakeOf('x.json', text)).toContain(expected)
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })
})

describe('a YAML file', () => {
  it('keeps dates, numbers and booleans as they are written', () => {
    const text =
      '- date: 2024-01-05\n  price: 1.10\n  big: 0x1F\n  on: yes\n  draft: true\n  none: ~\n  empty:\n  text: "1.10"\n'
    expect(valuesOf('x.yaml', text)).toEqual([
      { date: '2024-01-05', price: '1.10', big: '0x1F', on: 'yes', draft: 'true', text: '1.10' },
    ])
  })

  it.each([
    '- a: 1.10\n  b: "x"\n  tags: [x, 2]\n  none: ~\n- a: |\n    one\n    two\n',
    'b: { title: A }\na: { title: B, 2024: c, 7: d }\n',
    'posts:\n  - title: >\n      a\n      b\n    n: 0.50\n    d: 2024-01-05\n    b: true\n',
  ])('has the same rows and places however it is read: %#', (text) => {
    const anchored = `${text}# not plain\u00a0\u2028\n`
    const read = (own: string): unknown =>
      parseTable([{ path: 'x.yaml', text: own }]).rows.map((row) => [
        row.ownName,
        row.values,
        [...row.rangeByColumn.keys()].map((column) => placeOfRow(row, column)),
        placeOfRow(row),
      ])
    expect(read(text)).toEqual(read(anchored))
  })

  it.each([
    ['a map by name', 'mug:\n  title: A mug\n'],
    ['one list', 'products:\n  - title: A mug\n'],
    ['a merge', 'base: &base { title: A mug }\nmug:\n  <<: *base\n'],
    ['CRLF', '- title: A mug\r\n'],
  ])('is read with %s', (_, text) => {
    expect(valuesOf('x.yml', text).at(-1)).toEqual({ title: 'A mug' })
  })

  it.each([
    ['- title: "A mug\n', 'x.yaml:1:10'],
    ['- a: 1\n  a: 2\n', 'x.yaml:2:6 The column "a" appears twice.'],
    ['- a: *b\n', 'x.yaml:1:6 *b does not refer to a value before it.'],
    ['# nothing\n', 'x.yaml:1:1 x.yaml is empty.'],
    ['---\na: 1\n---\nb: 2\n', 'several documents'],
    [
      `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefgh'.replace(/./g, (name) => {
        const before = String.fromCharCode(name.charCodeAt(0) - 1)
        return `${name}: &${name} [${Array(10).fill(`*${before}`).join(',')}]\n`
      })}`,
      'The aliases (*name) of the file repeat too many values.',
    ],
  ])('with a mistake is reported: %#', (text, expected) => {
    expect(mistakeOf('x.yaml', text)).toContain(expected)
  })
})

describe('a Markdown file', () => {
  it.each([
    ['posts/hello.md', '---\ntitle: Hello\n---\n# Body\n', { title: 'Hello' }],
    ['posts/hello.mdx', '---\r\ntitle: Hello\r\n---\r\nBody', { title: 'Hello' }],
    ['hello.md', '---\ntitle: Hello\n...\n', { title: 'Hello' }],
    ['posts/hello/index.md', '---\n---\n', {}],
    ['posts/hello.md', '# No front matter\n', {}],
  ])('is a row, named after the file: %s', (path, text, values) => {
    const { rows, mistakes } = parseTable([{ path, text: cutFrontMatter(text) }])
    expect(mistakes).toEqual([])
    expect(rows).toMatchObject([{ values: { file: 'hello', path, ...values }, ownName: 'hello' }])
  })

  it('keeps only what is before its body', () => {
    expect(cutFrontMatter('---\na: 1\n---\nBody\n---\n')).toBe('---\na: 1\n---')
    expect(cutFrontMatter('Body\n---\na: 1\n---\n')).toBe('')
  })

  it.each([
    ['---\ntitle: A: b\n---\n', 'x.md:2:'],
    ['---\ntitle: A\n', 'x.md:1:1 The front matter that opens here is not closed.'],
    ['+++\ntitle = "A"\n+++\n', 'x.md:1:1 The front matter is TOML, which Limn does not read.'],
    ['---\n- a\n---\n', 'x.md:2:1 A data file must have'],
    ['---\na: 1\ntitle:\n  - {b: c\n---\n', 'x.md:4:5'],
  ])('with a mistake is reported: %j', (text, expected) => {
    expect(mistakeOf('x.md', cutFrontMatter(text))).toContain(expected)
  })
})
