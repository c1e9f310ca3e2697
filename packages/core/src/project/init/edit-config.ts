import type { File, ObjectProperty } from '@babel/types'
import { listOf, nameOfKey, type Node, nodesBelow, parseCode, unwrap } from './code.ts'
import {
  findConfigs,
  type FoundObject,
  type Names,
  NotEditable,
  resolveObjects,
} from './find-config.ts'
import { findPlugin, importSplice, type PluginImport } from './plugin-import.ts'
import { appendItem, applySplices, insert, type Splice } from './splice.ts'

/** Where and how a config file gets the plugin. */
export type PluginPlace = {
  /** Name of the file: its ending decides how it is parsed. */
  path: string
  /** Keys that lead to the array of Vite plugins: `['plugins']`, `['vite', 'plugins']`. */
  keys: readonly string[]
  /** Options of `limn()` as code; '' for none. */
  options: string
}

/** What `addPlugin` did, or why it did nothing: a clause that follows "because". */
export type EditedConfig =
  | { kind: 'edited'; text: string }
  | { kind: 'present' }
  | { kind: 'refused'; reason: string }

/**
 * Adds the Vite plugin to the text of a config. Everything else in the text stays as it is. A
 * config that can't be followed for sure is left alone.
 */
export function addPlugin(text: string, place: PluginPlace): EditedConfig {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const code = text.slice(mark.length)
  let file: File
  try {
    file = parseCode(code, place.path)
  } catch {
    return { kind: 'refused', reason: 'it is not valid JavaScript or TypeScript' }
  }
  const plugin = findPlugin(file)
  if (plugin.isCalled) return { kind: 'present' }
  try {
    const edited = applySplices(code, splicesFor(code, { file, plugin, place }))
    requireComplete(edited, place)
    return { kind: 'edited', text: mark + edited }
  } catch (error) {
    if (error instanceof NotEditable) return { kind: 'refused', reason: error.message }
    throw error
  }
}

/** Checks that the edited text is code that calls the plugin. */
function requireComplete(text: string, { path }: PluginPlace): void {
  try {
    if (findPlugin(parseCode(text, path)).isCalled) return
  } catch {
    // The sentence below says it.
  }
  throw new NotEditable('an edit would break it')
}

function splicesFor(
  text: string,
  { file, plugin, place }: { file: File; plugin: PluginImport; place: PluginPlace },
): Splice[] {
  requireUnassigned(file, place.keys)
  const call = `${plugin.name}(${place.options})`
  const added = new Map<number, Splice[]>()
  for (const config of findConfigs(file)) {
    for (const { at, splices } of pluginSplices(text, { ...config, keys: place.keys, call })) {
      added.set(at, splices)
    }
  }
  const edits = [...added.values()].flat()
  return plugin.isImported ? edits : [importSplice(text, { file, name: plugin.name }), ...edits]
}

/** An edit of the literal that starts `at` an index: made once, however many ways lead to it. */
type Edit = { at: number; splices: Splice[] }

/** Checks that no statement sets the plugins later. @throws NotEditable */
function requireUnassigned(file: File, keys: readonly string[]): void {
  for (const node of nodesBelow(file.program)) {
    if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') continue
    const { property } = node.left
    const name = property.type === 'StringLiteral' ? property.value : undefined
    const key = property.type === 'Identifier' ? property.name : name
    if (key !== undefined && keys.includes(key)) {
      throw new NotEditable(`a statement in it sets \`${key}\``)
    }
  }
}

type Search = FoundObject & { keys: readonly string[]; call: string }

function pluginSplices(text: string, { object, keys, call, names }: Search): Edit[] {
  const [key, ...rest] = keys as [string, ...string[]]
  const found = findProperty({ object, names }, key)
  if (found === undefined) {
    const value = rest.reduceRight((inner, name) => `{ ${name}: ${inner} }`, `[${call}]`)
    return [edit(text, object, `${key}: ${value}`)]
  }
  const { property, names: visible } = found
  if (rest.length === 0) return pluginsValue(text, { property, call, names: visible })
  return resolveObjects(property.value, { names: visible, depth: 0 }).flatMap((inner) =>
    pluginSplices(text, { ...inner, keys: rest, call }),
  )
}

function edit(text: string, node: Node, item: string): Edit {
  return { at: node.start!, splices: appendItem(text, listOf(node)!, { item }) }
}

type FoundProperty = { property: ObjectProperty; names: Names }

/**
 * Finds the property of an object, also in a local object that is spread into it.
 *
 * @throws NotEditable if another object could override or contain it
 */
function findProperty({ object, names }: FoundObject, key: string): FoundProperty | undefined {
  for (const property of object.properties.toReversed()) {
    if (property.type === 'SpreadElement') {
      const found = findInSpread(property.argument, { key, names })
      if (found !== undefined) return found
    } else if (nameOfKey(property) === key) {
      if (property.type === 'ObjectProperty') return { property, names }
      throw new NotEditable(`its \`${key}\` is a function`)
    } else if (property.type === 'ObjectProperty' && property.computed) {
      throw new NotEditable('it has a key that is computed')
    }
  }
  return undefined
}

function findInSpread(
  node: Node,
  { key, names }: { key: string; names: Names },
): FoundProperty | undefined {
  const value = unwrap(node)
  const spread = value.type === 'LogicalExpression' && value.operator === '&&' ? value.right : value
  try {
    const objects = resolveObjects(spread, { names, depth: 0 })
    const found = objects.map((object) => findProperty(object, key))
    if (objects.length === 1 && spread === value) return found[0]
    if (found.every((property) => property === undefined)) return undefined
  } catch (error) {
    if (!(error instanceof NotEditable)) throw error
  }
  throw new NotEditable(`an object that is spread into it may set \`${key}\``)
}

/** Adds the plugin to the value of `plugins`. Vite accepts arrays in arrays, so any value fits. */
function pluginsValue(
  text: string,
  { property, call, names }: { property: ObjectProperty; call: string; names: Names },
): Edit[] {
  const array = resolveArray(property.value, names)
  if (array !== undefined) return [edit(text, array, call)]
  const { value } = property
  const at = value.start!
  if (property.shorthand) {
    return [{ at, splices: [insert(value.end!, `: [${text.slice(at, value.end!)}, ${call}]`)] }]
  }
  return [{ at, splices: [insert(at, '['), insert(value.end!, `, ${call}]`)] }]
}

/** Follows a value to an array literal, also through `.filter(Boolean)` and `.flat()`. */
function resolveArray(node: Node, names: Names, depth: number = 0): Node | undefined {
  const value = unwrap(node)
  if (value.type === 'ArrayExpression') return value
  if (value.type === 'Identifier' && names.has(value.name) && depth < 5) {
    return resolveArray(names.get(value.name)!, names, depth + 1)
  }
  if (value.type !== 'CallExpression' || value.callee.type !== 'MemberExpression') return undefined
  const { object, property } = value.callee
  const [argument] = value.arguments
  const name = property.type === 'Identifier' ? property.name : ''
  const isFilter =
    name === 'filter' && argument?.type === 'Identifier' && argument.name === 'Boolean'
  return isFilter || name === 'flat' ? resolveArray(object, names, depth + 1) : undefined
}
