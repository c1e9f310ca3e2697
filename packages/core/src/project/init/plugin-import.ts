import type { File } from '@babel/types'
import { type Node, nodesBelow, unwrap } from './code.ts'
import { PLUGIN_PACKAGE } from './frameworks.ts'
import { eolOf, insert, type Splice } from './splice.ts'

/** How a file has the plugin, or would have it. */
export type PluginImport = {
  /** Local name of the plugin. */
  name: string
  isImported: boolean
  /** Whether the file calls it, or imports it in a way that can't be followed. */
  isCalled: boolean
}

/** Finds the plugin in a file, or a name for it that is free. */
export function findPlugin(file: File): PluginImport {
  const used = new Set<string>()
  const called = new Set<string>()
  let name: string | undefined
  let isElsewhere = false
  for (const node of nodesBelow(file.program)) {
    if (node.type === 'Identifier') used.add(node.name)
    if (node.type === 'CallExpression') {
      const callee = unwrap(node.callee)
      if (callee.type === 'Identifier') called.add(callee.name)
    }
    name ??= localNameIn(node)
    if (node.type === 'CallExpression' && isRequest(node)) isElsewhere = true
  }
  if (name !== undefined) return { name, isImported: true, isCalled: called.has(name) }
  const free = ['limn', 'limnPlugin', 'limnVitePlugin'].find((candidate) => !used.has(candidate))
  return { name: free ?? 'limnPictures', isImported: false, isCalled: isElsewhere }
}

/** Returns the local name that an import or `const limn = require(…)` gives the plugin. */
function localNameIn(node: Node): string | undefined {
  if (node.type === 'ImportDeclaration' && node.source.value === PLUGIN_PACKAGE) {
    return node.importKind === 'type'
      ? undefined
      : node.specifiers.find(
          (specifier) =>
            specifier.type === 'ImportDefaultSpecifier' ||
            (specifier.type === 'ImportSpecifier' &&
              specifier.imported.type === 'Identifier' &&
              specifier.imported.name !== 'Picture'),
        )?.local.name
  }
  if (node.type !== 'VariableDeclarator' || node.init == null) return undefined
  const init = unwrap(node.init)
  const value = init.type === 'MemberExpression' ? unwrap(init.object) : init
  return node.id.type === 'Identifier' && isRequest(value) ? node.id.name : undefined
}

/** Whether a node is `require('@limn/vite-plugin')` or an `import()` of it. */
function isRequest(node: Node): boolean {
  const [argument] = node.type === 'CallExpression' ? node.arguments : []
  return argument?.type === 'StringLiteral' && argument.value === PLUGIN_PACKAGE
}

/** Leading comments that must stay at the top of a file. */
const TOP_COMMENT = /^\s*(?:\/(?=\s*<)|@ts-|eslint|oxlint|prettier|biome)|licen[cs]e|copyright/i

/** Returns the splice that imports the plugin, in the style of the file's other imports. */
export function importSplice(text: string, { file, name }: { file: File; name: string }): Splice {
  const { body } = file.program
  const eol = eolOf(text)
  const imports = body.filter(isImport)
  const model = imports.at(-1) ?? body[0]
  const semicolon = model !== undefined && text[model.end! - 1] === ';' ? ';' : ''
  const quote =
    /(['"])[^'"\n]*\1/.exec(
      imports.map((node) => text.slice(node.start!, node.end!)).join('\n'),
    )?.[1] ?? "'"
  const source = `${quote}${PLUGIN_PACKAGE}${quote}`
  const isModule = body.some(({ type }) => /^(?:Import|Export)/.test(type))
  const line = isModule
    ? `import ${name} from ${source}${semicolon}`
    : `const ${name} = require(${source}).default${semicolon}`
  const last = imports.at(-1)
  if (last !== undefined) return insert(endOfLine(text, last.end!), eol + line)
  return insert(topOf(text, file), `${line}${eol}${eol}`)
}

function isImport(node: Node): boolean {
  if (node.type === 'ImportDeclaration') return true
  return (
    node.type === 'VariableDeclaration' &&
    node.declarations.some(({ init }) => {
      if (init == null) return false
      const value = init.type === 'MemberExpression' ? init.object : init
      return (
        value.type === 'CallExpression' &&
        value.callee.type === 'Identifier' &&
        value.callee.name === 'require'
      )
    })
  )
}

/** Returns the index after a statement and a comment behind it. */
function endOfLine(text: string, end: number): number {
  const rest = /^[ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*\*\/)?[ \t]*(?=\r?\n|$)/.exec(text.slice(end))
  return end + (rest?.[0].length ?? 0)
}

/** Returns where a first import goes: below directives and what must be at the top of a file. */
function topOf(text: string, { program, comments }: File): number {
  let at = program.interpreter?.end ?? 0
  for (const directive of program.directives) at = Math.max(at, directive.end!)
  const first = program.body[0]?.start ?? text.length
  for (const comment of comments ?? []) {
    if (comment.start! < first && TOP_COMMENT.test(comment.value)) at = Math.max(at, comment.end!)
  }
  return at === 0 ? 0 : at + (/^[^\n]*\n/.exec(text.slice(at))?.[0].length ?? 0)
}
