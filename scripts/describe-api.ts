import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseSync, type Statement, Visitor } from 'oxc-parser'

/** A module: its statements, and where the names come from that it declares or imports. */
type Module = { source: string; declared: Map<string, Statement>; imported: Map<string, Import> }
type Import = { from: string; name: string }
type Declaration = { file: string; name: string; text: string; uses: readonly string[] }

/**
 * Describes the public API of a package as text: the declaration of each export without comments
 * and bodies, then, under `Used by these`, every type of the package that they refer to. The
 * sources state the types of all exports, so nothing is inferred.
 *
 * @param index absolute path of the entry point, a list of exports
 */
export function describeApi(index: string): string {
  const root = dirname(index)
  const open = createModules()
  const exported = exportsOf(index).map(({ from, name }) => declarationOf(from, name, open))
  const used = new Map<string, Declaration>()
  const pending = exported.flatMap((declaration) => usesOf(declaration, open))
  const isExported = (other: Declaration): boolean =>
    exported.some(({ file, name }) => file === other.file && name === other.name)
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const key = `${next.file} ${next.name}`
    if (isExported(next) || used.has(key)) continue
    used.set(key, next)
    pending.push(...usesOf(next, open))
  }
  const format = (declarations: readonly Declaration[]): string =>
    declarations
      .map(({ file, name, text }) => ({ key: `${name} ${file}`, file, text }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ file, text }) => `// ${relative(root, file)}\n${text}\n`)
      .join('\n')
  return `${format(exported)}\n// ── Used by these\n\n${format([...used.values()])}`
}

type OpenModule = (file: string) => Module

function createModules(): OpenModule {
  const moduleByFile = new Map<string, Module>()
  return (file) => {
    const known = moduleByFile.get(file)
    if (known !== undefined) return known
    const source = readFileSync(file, 'utf8')
    const module: Module = { source, declared: new Map(), imported: new Map() }
    for (const statement of parseSync(file, source).program.body) addTo(module, statement, file)
    moduleByFile.set(file, module)
    return module
  }
}

function addTo({ declared, imported }: Module, statement: Statement, file: string): void {
  if (statement.type === 'ImportDeclaration' || isReexport(statement)) {
    const from = join(dirname(file), statement.source.value)
    for (const specifier of statement.specifiers) {
      const [local, name] =
        specifier.type === 'ImportSpecifier'
          ? [specifier.local.name, nameOf(specifier.imported)]
          : specifier.type === 'ExportSpecifier'
            ? [nameOf(specifier.exported), nameOf(specifier.local)]
            : [specifier.local.name, '*']
      if (statement.source.value.startsWith('.')) imported.set(local, { from, name })
    }
    return
  }
  const inner =
    statement.type === 'ExportNamedDeclaration' ? (statement.declaration ?? statement) : statement
  const names =
    inner.type === 'VariableDeclaration'
      ? inner.declarations.map(({ id }) => id)
      : 'id' in inner
        ? [inner.id]
        : []
  for (const id of names) if (id?.type === 'Identifier') declared.set(id.name, inner as Statement)
}

type Reexport = Extract<Statement, { type: 'ExportNamedDeclaration' }> & {
  source: NonNullable<Extract<Statement, { type: 'ExportNamedDeclaration' }>['source']>
}

function isReexport(statement: Statement): statement is Reexport {
  return statement.type === 'ExportNamedDeclaration' && statement.source !== null
}

function nameOf(name: { type: string; name?: string; value?: string }): string {
  return name.name ?? name.value ?? ''
}

function exportsOf(index: string): Import[] {
  return parseSync(index, readFileSync(index, 'utf8')).program.body.flatMap((statement) =>
    isReexport(statement)
      ? statement.specifiers.map(({ local }) => ({
          from: join(dirname(index), statement.source.value),
          name: nameOf(local),
        }))
      : [],
  )
}

/** Finds a declaration, through modules that only export it again. */
function declarationOf(file: string, name: string, open: OpenModule): Declaration {
  const { source, declared, imported } = open(file)
  const statement = declared.get(name)
  if (statement === undefined) {
    const next = imported.get(name)
    if (next === undefined) throw new Error(`${file} does not declare ${name}.`)
    return declarationOf(next.from, next.name, open)
  }
  const text = textOf(source, statement)
  return { file, name, text, uses: namesIn(text) }
}

/** Returns the declarations of the package that a declaration refers to. */
function usesOf({ file, uses }: Declaration, open: OpenModule): Declaration[] {
  const { declared, imported } = open(file)
  return uses.flatMap((name) =>
    declared.has(name) || (imported.has(name) && imported.get(name)!.name !== '*')
      ? [declarationOf(file, name, open)]
      : [],
  )
}

/** Returns the names that a declaration refers to. */
function namesIn(text: string): string[] {
  const names = new Set<string>()
  const visitor = new Visitor({
    TSTypeReference: ({ typeName }) => {
      if (typeName.type === 'Identifier') names.add(typeName.name)
    },
    TSTypeQuery: ({ exprName }) => {
      if (exprName.type === 'Identifier') names.add(exprName.name)
    },
    TSClassImplements: ({ expression }) => {
      if (expression.type === 'Identifier') names.add(expression.name)
    },
    ClassDeclaration: ({ superClass }) => {
      if (superClass?.type === 'Identifier') names.add(superClass.name)
    },
    TSInterfaceHeritage: ({ expression }) => {
      if (expression.type === 'Identifier') names.add(expression.name)
    },
  })
  visitor.visit(parseSync('declaration.d.ts', text).program)
  return [...names]
}

/** Prints a declaration without comments, bodies and values whose type is stated. */
function textOf(source: string, statement: Statement): string {
  const cuts: { start: number; end: number }[] = []
  const visitor = new Visitor({
    FunctionDeclaration: ({ body }) => void (body && cuts.push(body)),
    MethodDefinition: ({ value: { body } }) => void (body && cuts.push(body)),
    PropertyDefinition: ({ value, typeAnnotation, start, end, accessibility }) => {
      if (accessibility === 'private') cuts.push({ start, end })
      else if (value && typeAnnotation) cuts.push({ start: typeAnnotation.end, end: value.end })
    },
    VariableDeclarator: ({ id, init }) => {
      const isStated = 'typeAnnotation' in id && id.typeAnnotation != null
      if (init && isStated) cuts.push({ start: id.end, end: init.end })
    },
  })
  const program = parseSync('source.ts', source)
  visitor.visit({ ...program.program, body: [statement] } as typeof program.program)
  cuts.push(
    ...program.comments.filter(({ start, end }) => start > statement.start && end < statement.end),
  )
  let text = ''
  let at = statement.start
  for (const { start, end } of cuts.sort((a, b) => a.start - b.start)) {
    if (start < at) continue
    text += source.slice(at, start)
    at = end
  }
  text += source.slice(at, statement.end)
  return tidy(text, statement)
}

function tidy(text: string, { type }: Statement): string {
  const lines = text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
  const isAmbient = ['FunctionDeclaration', 'VariableDeclaration', 'ClassDeclaration'].includes(
    type,
  )
  return `${isAmbient ? 'declare ' : ''}${lines.join('\n').replace(/^async function/, 'function')}`
}
