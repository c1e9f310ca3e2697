import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { getLanguageService, type LanguageService } from 'yaml-language-server'
import { createJsonSchema } from './schema.ts'

/*
 * The JSON Schema as editors use it: through the YAML language server.
 */

const modeline = '# yaml-language-server: $schema=./node_modules/@limn/core/images.schema.json\n'
const root = fileURLToPath(new URL('../../../../../', import.meta.url))

/** Creates a language server that finds the schema that the first line of a manifest names. */
function createEditor(): LanguageService {
  const editor = getLanguageService({
    schemaRequestService: (uri) =>
      uri.endsWith('/images.schema.json')
        ? Promise.resolve(JSON.stringify(createJsonSchema()))
        : Promise.reject(new Error(`no schema at ${uri}`)),
    workspaceContext: { resolveRelativePath: (path, resource) => new URL(path, resource).href },
  })
  editor.configure({ validate: true, hover: true, completion: true })
  return editor
}

/** Removes the `|` of a manifest, and returns its place. */
function at(text: string): {
  document: TextDocument
  position: { line: number; character: number }
} {
  const whole = modeline + text
  const offset = whole.indexOf('|')
  const before = whole.slice(0, offset).split('\n')
  return {
    document: open(before.join('\n') + whole.slice(offset + 1)),
    position: { line: before.length - 1, character: before.at(-1)!.length },
  }
}

let opened = 0

/** Opens a text as a new version, as the language server caches documents by address and version. */
function open(text: string): TextDocument {
  return TextDocument.create('file:///project/images.yaml', 'yaml', ++opened, text)
}

async function offersAt(text: string): Promise<string[]> {
  const { document, position } = at(text)
  return (await createEditor().doComplete(document, position, false)).items.map(
    ({ label }) => label,
  )
}

async function hoverAt(text: string): Promise<string> {
  const { document, position } = at(text)
  return JSON.stringify((await createEditor().doHover(document, position))?.contents ?? '')
}

/** Returns marks as `line:column-column message`, counted from 1 without the modeline. */
async function marksOf(text: string): Promise<string[]> {
  const marks = await createEditor().doValidation(open(text), false)
  return marks.map(
    ({ range: { start, end }, message }) =>
      `${start.line}:${start.character + 1}-${end.character + 1} ${message}`,
  )
}

const head = 'version: 1\nassets:\n  hero:\n    prompt: A hill\n    alt: A hill\n'

test.each([
  [
    'presets and groups in outputs',
    `${head}    outputs: [|]\n`,
    ['og', 'instagram_story', 'x_post', 'favicons', 'social'],
  ],
  ['presets after another one', `${head}    outputs: [og, |]\n`, ['card', 'hero']],
  ['presets in a block list', `${head}    outputs:\n      - |\n`, ['og', 'card']],
  [
    'presets to change',
    `${head}    outputs:\n      - preset: |\n`,
    ['og', 'card', 'print_a4_300dpi'],
  ],
  ['styles by both names', `${head}    style: |\n`, ['watercolor', '水彩', 'vector']],
  ['styles in a list', `${head}    style: [|]\n`, ['watercolor', '水彩']],
  ['models', `${head}    model: |\n`, ['gpt-image-2.5-flare', 'gpt-image-2.6-sunburst']],
  ['qualities', `${head}    quality: |\n`, ['low', 'medium', 'high', 'max', 'auto']],
  [
    'qualities of a profile',
    'version: 1\nprofiles:\n  draft:\n    quality: |\nassets: {}\n',
    ['low'],
  ],
  ['providers', 'version: 1\nprovider: |\nassets: {}\n', ['local', 'openai']],
  [
    'servers',
    'version: 1\nproviders:\n  relay:\n    server: |\nassets: {}\n',
    ['azure', 'localai', 'new-api'],
  ],
  ['keys of an asset', `${head}    |\n`, ['outputs', 'style', 'candidates', 'decorative']],
  ['keys of the manifest', 'version: 1\n|\n', ['provider', 'presets', 'styles', 'include']],
  [
    'fits',
    `${head}    outputs:\n      - width: 8\n        fit: |\n`,
    ['cover', 'contain', 'inside'],
  ],
])('completes %s', async (_, text, expected) => {
  expect(await offersAt(text)).toEqual(expect.arrayContaining(expected))
})

test.each([
  ['a key', `${head}    dec|orative: true\n`, 'alt is empty on purpose'],
  [
    'a key of a preset',
    'version: 1\npresets:\n  a: { max|Bytes: 1000 }\nassets: {}\n',
    'Largest file in bytes',
  ],
  [
    'a key of the manifest',
    'version: 1\nprov|ider: local\nassets: {}\n',
    'The provider that generates pictures',
  ],
  ['a key of an output', `${head}    outputs:\n      - widt|h: 8\n`, 'Width in px'],
])('describes %s on hover', async (_, text, expected) => {
  expect(await hoverAt(text)).toContain(expected)
})

test.each([
  ['a misspelt key', `${head}    outptus: [og]\n`, ['6:5-12 Property outptus is not allowed.']],
  [
    'a value of a wrong type',
    `${head}    decorative: often\n`,
    ['6:17-22 Incorrect type. Expected "boolean".'],
  ],
  [
    'a server that is none',
    'version: 1\nproviders: { a: { server: dalle } }\nassets: {}\n',
    [
      '2:27-32 Value is not accepted. Valid values: "openai", "azure", "localai", "stable-diffusion.cpp", "vllm-omni", "together", "xai", "gemini", "new-api", "ai-sdk", "command".',
    ],
  ],
  ['a missing version', 'assets: {}\n', ['1:1-2 Missing property "version".']],
])('marks %s', async (_, text, expected) => {
  expect(await marksOf(modeline + text)).toEqual(expected)
})

test('accepts the user’s own names, and every key of every manifest of this repo', async () => {
  const own = `${head}    model: my-model-1\n    quality: finest\n    style: [brand, vector]\n    outputs: [mine, og, { preset: mine, width: 8 }, { name: x, width: 8 }]\n`
  expect(await marksOf(modeline + own)).toEqual([])
  expect(await marksOf(`${modeline}version: 1\ninclude: [campaigns/*.yaml]\n`)).toEqual([])
  const paths = globSync(['fixtures/scenarios/*/images*.yaml', 'fixtures/demo/images.yaml'], {
    cwd: root,
  })
  expect(paths.length).toBeGreaterThan(7)
  const readme = readFileSync(`${root}README.md`, 'utf8')
  const shown = [...readme.matchAll(/^```yaml\n(# yaml-language-server[^]*?)^```/gm)].map(
    ([, text]) => text!,
  )
  expect(shown.length).toBeGreaterThan(0)
  for (const text of [...paths.map((path) => readFileSync(root + path, 'utf8')), ...shown]) {
    const withSchema = text.startsWith('# yaml-language-server') ? text : modeline + text
    expect(await marksOf(withSchema), text.slice(0, 200)).toEqual([])
  }
})

type Node = Record<string, unknown> & { properties?: Record<string, Node> }

test('describes every key, and gives each a default, an example or its values', () => {
  const bare: string[] = []
  const walk = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return
    for (const [key, schema] of Object.entries((node as Node).properties ?? {})) {
      const isShown = ['default', 'examples', 'enum', 'const'].some((word) => word in schema)
      if (typeof schema['description'] !== 'string' || !isShown) bare.push(`${path}${key}`)
    }
    for (const [key, value] of Object.entries(node)) walk(value, `${path}${key}/`)
  }
  walk(createJsonSchema(), '')
  expect(bare).toEqual([])
})
