import type {
  ArrowFunctionExpression,
  CallExpression,
  File,
  FunctionDeclaration,
  FunctionExpression,
  ObjectExpression,
} from '@babel/types'
import { type Node, nodesBelow, unwrap } from './code.ts'

/** Why a config is left alone, to end the sentence "because …". */
export class NotEditable extends Error {}

/** The names that the top level of a file and the functions around a place in it declare. */
export type Names = ReadonlyMap<string, Node>

/** An object literal, and the names that it can use. */
export type FoundObject = { object: ObjectExpression; names: Names }

/**
 * Finds the object literals that a config file exports: several if it returns one of several.
 *
 * @throws NotEditable if one of them is made in a way that can't be followed
 */
export function findConfigs(file: File): FoundObject[] {
  const names = declaredNames(file.program.body)
  const exported = findExport(file, names)
  if (exported === undefined) throw new NotEditable('it exports no config')
  return resolveObjects(exported, { names, depth: 0 })
}

function findExport(file: File, names: Names): Node | undefined {
  for (const statement of file.program.body) {
    if (statement.type === 'ExportDefaultDeclaration') return statement.declaration
    if (statement.type === 'ExportNamedDeclaration' && statement.source == null) {
      for (const specifier of statement.specifiers) {
        if (specifier.type !== 'ExportSpecifier') continue
        const { exported } = specifier
        const name = exported.type === 'Identifier' ? exported.name : exported.value
        if (name === 'default') return names.get(specifier.local.name)
      }
    }
    if (
      statement.type === 'ExpressionStatement' &&
      statement.expression.type === 'AssignmentExpression' &&
      isModuleExports(statement.expression.left)
    ) {
      return statement.expression.right
    }
    if (statement.type === 'TSExportAssignment') return statement.expression
  }
  return undefined
}

/** Whether a node is `module.exports` or `exports.default`. */
function isModuleExports(node: Node): boolean {
  if (node.type !== 'MemberExpression' || node.property.type !== 'Identifier') return false
  if (node.object.type !== 'Identifier') return false
  const path = `${node.object.name}.${node.property.name}`
  return path === 'module.exports' || path === 'exports.default'
}

/** Returns the initial values and functions that statements declare, except what is assigned to. */
function declaredNames(statements: readonly Node[], outer?: Names): Map<string, Node> {
  const names = new Map(outer)
  for (const node of statements) {
    const statement =
      node.type === 'ExportNamedDeclaration' && node.declaration != null ? node.declaration : node
    if (statement.type === 'FunctionDeclaration' && statement.id != null) {
      names.set(statement.id.name, statement)
    }
    if (statement.type !== 'VariableDeclaration') continue
    for (const { id, init } of statement.declarations) {
      for (const name of identifiersIn(id)) names.delete(name)
      if (id.type === 'Identifier' && init != null) names.set(id.name, init)
    }
  }
  for (const statement of statements) {
    for (const node of nodesBelow(statement)) {
      if (node.type !== 'AssignmentExpression') continue
      if (node.left.type === 'Identifier') names.delete(node.left.name)
    }
  }
  return names
}

function identifiersIn(pattern: Node): string[] {
  return [...nodesBelow(pattern)].flatMap((node) => (node.type === 'Identifier' ? [node.name] : []))
}

type Place = { names: Names; depth: number }

/** Deepest chain of names, calls and functions that is followed. */
const DEEPEST = 20

/** Returns the object literals that an expression can be. @throws NotEditable */
export function resolveObjects(node: Node, { names, depth }: Place): FoundObject[] {
  if (depth > DEEPEST) throw new NotEditable('its config refers to itself')
  const inner = { names, depth: depth + 1 }
  const value = unwrap(node)
  switch (value.type) {
    case 'ObjectExpression':
      return [{ object: value, names }]
    case 'Identifier': {
      const declared = names.get(value.name)
      if (declared === undefined) {
        throw new NotEditable(`\`${value.name}\` comes from elsewhere`)
      }
      return resolveObjects(declared, inner)
    }
    case 'ConditionalExpression':
      return [value.consequent, value.alternate].flatMap((part) => resolveObjects(part, inner))
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'FunctionDeclaration':
      return resolveReturned(value, inner)
    case 'CallExpression':
      return resolveCall(value, inner)
    default:
      throw new NotEditable('its config is not an object literal')
  }
}

/** Follows a function to what it returns. Its parameters hide names around it. */
function resolveReturned(
  { body, params }: ArrowFunctionExpression | FunctionExpression | FunctionDeclaration,
  { names, depth }: Place,
): FoundObject[] {
  const visible = new Map(names)
  for (const name of params.flatMap(identifiersIn)) visible.delete(name)
  if (body.type !== 'BlockStatement') return resolveObjects(body, { names: visible, depth })
  const inner = declaredNames(body.body, visible)
  const returned = [...returnsOf(body)]
  if (returned.length === 0) throw new NotEditable('a function in it returns no config')
  return returned.flatMap((value) => resolveObjects(value, { names: inner, depth }))
}

/** Yields what a function body returns, without the functions in it. */
function* returnsOf(node: Node): Generator<Node> {
  if (node.type === 'ReturnStatement') {
    if (node.argument != null) yield node.argument
    return
  }
  for (const child of nodesBelow(node)) {
    if (child === node) continue
    if (child.type === 'ReturnStatement' && child.argument != null && !isInFunction(child, node)) {
      yield child.argument
    }
  }
}

/** Whether a node is in a function that is below another node. */
function isInFunction(node: Node, top: Node): boolean {
  for (const other of nodesBelow(top)) {
    const isFunction = /Function|Method$/.test(other.type)
    if (isFunction && other.start! <= node.start! && other.end! >= node.end!) return true
  }
  return false
}

/** Follows `defineConfig(…)` and the like, `mergeConfig(base, …)` and a call of a local function. */
function resolveCall(call: CallExpression, place: Place): FoundObject[] {
  const name = calledName(call)
  const args = call.arguments
  if (name === 'mergeConfig') return resolveMerged(args.slice(0, 2), place)
  if (name !== undefined && /^define\w*Config$/.test(name) && args[0] !== undefined) {
    return resolveObjects(args[0], place)
  }
  const callee = unwrap(call.callee)
  if (callee.type === 'Identifier' && place.names.has(callee.name)) {
    return resolveObjects(place.names.get(callee.name)!, place)
  }
  throw new NotEditable(`${name === undefined ? 'a call' : `\`${name}(…)\``} makes its config`)
}

/** `mergeConfig` joins arrays, so the last object that can be followed receives the plugin. */
function resolveMerged(args: readonly Node[], place: Place): FoundObject[] {
  let reason: unknown
  for (const arg of args.toReversed()) {
    try {
      return resolveObjects(arg, place)
    } catch (error) {
      if (!(error instanceof NotEditable)) throw error
      reason = error
    }
  }
  throw reason instanceof Error ? reason : new NotEditable('it merges nothing')
}

function calledName({ callee }: CallExpression): string | undefined {
  if (callee.type === 'Identifier') return callee.name
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return undefined
  return callee.property.name
}
