import { parse, parseExpression } from '@babel/parser'
import type { File, Node } from '@babel/types'
import type { List } from './splice.ts'

/*
 * The code of configs, as a syntax tree with places. Only `limn init` and `limn migrate` load
 * this parser. Nothing in
 * a config is run.
 */

export type { Node } from '@babel/types'

/** Parses JavaScript or TypeScript. @throws Error if it is neither */
export function parseCode(text: string, path: string): File {
  return parse(text, {
    sourceType: 'unambiguous',
    createParenthesizedExpressions: true,
    allowReturnOutsideFunction: true,
    plugins: ['typescript', ...(/\.[cm]?ts$/.test(path) ? [] : (['jsx'] as const))],
  })
}

/** Parses JSON, which may contain comments and trailing commas. @throws Error */
export function parseJson(text: string): Node {
  return parseExpression(text, { createParenthesizedExpressions: true })
}

/** Yields a node and all nodes below it, outermost first. */
export function* nodesBelow(node: Node): Generator<Node> {
  yield node
  for (const [key, value] of Object.entries(node)) {
    if (key === 'loc' || key.endsWith('omments')) continue
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) yield* nodesBelow(child)
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

/** Removes what has no effect at run time: parentheses, `as`, `satisfies`, `!` and `await`. */
export function unwrap(node: Node): Node {
  switch (node.type) {
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
      return unwrap(node.expression)
    case 'AwaitExpression':
      return unwrap(node.argument)
    default:
      return node
  }
}

/** Returns an array or object literal as a list of items; `undefined` for any other node. */
export function listOf(node: Node): List | undefined {
  if (node.type !== 'ArrayExpression' && node.type !== 'ObjectExpression') return undefined
  const nodes = node.type === 'ArrayExpression' ? node.elements : node.properties
  const comma = node.extra?.['trailingComma']
  return {
    open: node.start!,
    close: node.end! - 1,
    items: nodes.flatMap((item) => (item === null ? [] : [{ start: item.start!, end: item.end! }])),
    trailingComma: typeof comma === 'number' ? comma : undefined,
    kind: node.type === 'ArrayExpression' ? 'array' : 'object',
  }
}

/** Returns the name of a property or method; `undefined` if it is computed. */
export function nameOfKey(node: Node): string | undefined {
  if (node.type !== 'ObjectProperty' && node.type !== 'ObjectMethod') return undefined
  if (node.computed) return undefined
  if (node.key.type === 'Identifier') return node.key.name
  return node.key.type === 'StringLiteral' ? node.key.value : undefined
}
