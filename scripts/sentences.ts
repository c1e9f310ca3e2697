import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseSync, Visitor } from 'oxc-parser'

/** A sentence in the source code, as a user or an editor may show it. */
export type Sentence = { file: string; line: number; text: string }

const repo = join(import.meta.dirname, '..')

/**
 * Finds every string of three words or more in the packages' code, except in tests and lists of
 * words, which `words(…)` splits.
 */
export function findSentences(): Sentence[] {
  const files = globSync('packages/*/src/**/*.ts', { cwd: repo })
    .filter((file) => !/\.test\.ts$|testing\.ts$/.test(file))
    .sort()
  return files.flatMap((file) => sentencesOf(join(repo, file)))
}

function sentencesOf(path: string): Sentence[] {
  const source = readFileSync(path, 'utf8')
  const sentences: Sentence[] = []
  const add = (start: number, text: string): void => {
    if (!/\p{L}+[ ,:]+\p{L}+[ ,:]+\p{L}+/u.test(text)) return
    const line = source.slice(0, start).split('\n').length
    sentences.push({ file: relative(repo, path), line, text: text.replaceAll('\n', '⏎') })
  }
  const wordLists = new Set<number>()
  const visitor = new Visitor({
    CallExpression: ({ callee, arguments: [list] }) => {
      if (callee.type === 'Identifier' && callee.name === 'words' && list !== undefined) {
        wordLists.add(list.start)
      }
    },
    Literal: ({ start, value }) => {
      if (typeof value === 'string' && !wordLists.has(start)) add(start, value)
    },
    TemplateLiteral: ({ start, quasis, expressions }) => {
      const names = expressions.map(({ start: from, end }) => source.slice(from, end))
      add(start, quasis.map(({ value }, i) => value.raw + shorten(names[i])).join(''))
    },
  })
  visitor.visit(parseSync(path, source).program)
  return sentences
}

function shorten(expression: string | undefined): string {
  if (expression === undefined) return ''
  return expression.length > 40 ? '{…}' : `{${expression}}`
}
