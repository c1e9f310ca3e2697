import { toOneLine } from '../../safe-text.ts'
import { type EmittedPicture, type EmittedPictures, IMPORT_TOKEN } from './emitted-pictures.ts'

/** Start of the first line of every module that Limn emits. */
const HEADER = 'Written by Limn from '

/** A file to write: its extension is that of the settings, or `.d.ts` beside it. */
export type RenderedFile = { file: string; text: string }

/** Renders the files of an emitted module, the module last. */
export function renderEmitted(
  pictures: EmittedPictures,
  { file, manifest }: { file: string; manifest: string },
): RenderedFile[] {
  const header = `${HEADER}${toOneLine(manifest)}: changes here are lost.`
  if (file.endsWith('.json')) return [{ file, text: renderJson(pictures, header) }]
  const isTyped = /\.m?ts$/.test(file)
  const module = { file, text: renderModule(pictures, header, isTyped) }
  if (isTyped) return [module]
  const types = file.replace(/js$/, 'ts').replace(/(\.m?ts)$/, '.d$1')
  return [{ file: types, text: renderDeclarations(pictures, header) }, module]
}

/** Returns whether a file is empty, or one that Limn emitted. */
export function isEmitted(text: string): boolean {
  return /^\s*$/.test(text) || /^(?:\/\/ |\{\s*"\$comment": ")Written by Limn from /.test(text)
}

const PICTURE_TYPE = `/** What a page needs to show a picture. */
export type Picture = {
  /** URL of the widest file in the format that every browser reads. */
  src: string
  /** Every width in that format. */
  srcset: string
  /** \`srcset\` by better format, the best first. */
  sources: Record<string, string>
  /** Width of \`src\`, px. */
  width: number
  /** Height of \`src\`, px. */
  height: number
  alt: string
  /** A tiny PNG as a data URL, to show until the picture has loaded. */
  placeholder: string
  img: { src: string; w: number; h: number }
  /** URL of every file by its name. */
  files: Record<string, string>
}
`

function renderJson({ pictures }: EmittedPictures, header: string): string {
  const byName = Object.fromEntries(pictures.map(({ name, picture }) => [name, picture]))
  return `${JSON.stringify({ $comment: header, pictures: byName }, null, 2)}\n`
}

function renderModule(
  { pictures, imports }: EmittedPictures,
  header: string,
  isTyped: boolean,
): string {
  const type = (text: string): string => (isTyped ? `: ${text}` : '')
  const values = pictures.map(
    ({ picture }, index) =>
      `const p${index}${type('Picture')} = ${renderPicture(picture, imports.length)}\n`,
  )
  const byName = pictures.map(({ name }, index) => `  ${JSON.stringify(name)}: p${index},\n`)
  return [
    // A project may declare no types for imports of pictures.
    `// ${header}\n/* eslint-disable */\n${isTyped && imports.length > 0 ? '// @ts-nocheck\n' : ''}\n`,
    renderImports(imports, isTyped),
    isTyped ? `${PICTURE_TYPE}\n` : '',
    values.join(''),
    renderExports(pictures),
    `/** All pictures by name. */\n`,
    `const all${type(allType(pictures))} = {\n${byName.join('')}}\nexport default all\n`,
  ].join('')
}

/** Renders imports of files. A bundler resolves each to its URL, or to an object with its `src`. */
function renderImports(imports: readonly string[], isTyped: boolean): string {
  if (imports.length === 0) return ''
  const lines = imports.map((path, index) => `import i${index} from ${JSON.stringify(path)}\n`)
  const urls = imports.map((_, index) => `const f${index} = /* @__PURE__ */ url(i${index})\n`)
  const signature = isTyped ? '(file: string | { src: string }): string' : '(file)'
  return `${lines.join('')}
const url = ${signature} => (typeof file === 'string' ? file : file.src)
${urls.join('')}
`
}

function renderDeclarations({ pictures }: EmittedPictures, header: string): string {
  const values = pictures.map((_, index) => `declare const p${index}: Picture\n`)
  return [
    `// ${header}\n/* eslint-disable */\n\n${PICTURE_TYPE}\n`,
    values.join(''),
    renderExports(pictures),
    `/** All pictures by name. */\ndeclare const all: ${allType(pictures)}\nexport default all\n`,
  ].join('')
}

/** Names of exports may be reserved words, which no constant can have. */
function renderExports(pictures: EmittedPictures['pictures']): string {
  const names = pictures.flatMap(({ identifier }, index) =>
    identifier === undefined ? [] : [`  p${index} as ${identifier},\n`],
  )
  return names.length === 0 ? '' : `export {\n${names.join('')}}\n\n`
}

function allType(pictures: EmittedPictures['pictures']): string {
  const names = pictures.map(({ name }) => JSON.stringify(name)).join(' | ')
  return `Record<${names === '' ? 'never' : names}, Picture>`
}

/** Keys whose text comes from people or from the picture, and refers to no file. */
const plainKeys: ReadonlySet<string> = new Set(['alt', 'placeholder'])

function renderPicture(picture: EmittedPicture, imports: number): string {
  const lines = Object.entries(picture).map(
    ([key, value]) =>
      `  ${key}: ${imports === 0 || plainKeys.has(key) ? JSON.stringify(value) : renderValue(value)},\n`,
  )
  return `{\n${lines.join('')}}`
}

/** Renders a value of a picture, with the variables of imports in its texts. */
function renderValue(value: unknown): string {
  if (typeof value === 'string') {
    const parts = value.split(IMPORT_TOKEN)
    // The numbers of imports are at odd places.
    const terms = parts.flatMap((part, index) =>
      index % 2 === 1 ? [`f${part}`] : part === '' ? [] : [JSON.stringify(part)],
    )
    return terms.length === 0 ? '""' : terms.join(' + ')
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).map(
    ([key, each]) => `${JSON.stringify(key)}: ${renderValue(each)}`,
  )
  return `{ ${entries.join(', ')} }`
}
