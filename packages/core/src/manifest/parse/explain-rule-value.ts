import type { z } from 'zod'
import { isInOutputs } from './describe-path.ts'
import type { Path } from './path.ts'

type Branch = readonly z.core.$ZodIssue[]

/** What a key of an output or a preset can be, and how to write it; for all others, texts. */
const expected: Readonly<Record<string, readonly [wanted: string, hint: string]>> = {
  overlay: [
    'text or a map',
    "Write `overlay: '{{title}}'`, or `overlay: { text: '{{title}}', position: top }`.",
  ],
  font: ['a font or a list of fonts', "Write `font: '@fontsource/inter'`, or a list: `[… , …]`."],
  shade: [
    'true, false, a strength or a colour',
    "Write `shade: false`, `shade: 0.4` or `shade: '#1b1464'`.",
  ],
  each: [
    'a map of lists, or a data file',
    'Write `each: { lang: [en, de] }`, or `each: { from: ./posts.csv }`.',
  ],
  rotate: ['90, 180 or 270', 'Write `rotate: 90`.'],
  trim: ['true, false or a tolerance', 'Write `trim: true`, or `trim: 30`.'],
  sharpen: ['true, false or a strength', 'Write `sharpen: true`, or `sharpen: 2`.'],
}

/** Whether a path leads to a value inside an output or a preset. */
export function isInRule(path: Path): boolean {
  if (path[0] === 'presets') return path.length > 2
  return isInOutputs(path) && path.length > (path[0] === 'defaults' ? 3 : 4)
}

/** Says what a value inside an output or a preset can be, and how to write it. */
export function expectedInRule(path: Path, value: unknown): readonly [string, string] {
  const key = String(path.findLast((step) => typeof step === 'string'))
  const isOwnKey = path.at(-1) === key && !['vars', 'text'].includes(String(path.at(-2)))
  const found = isOwnKey ? expected[key] : undefined
  if (found !== undefined) return found
  if (value === null) {
    const hint = 'Write a text after the colon. Put quotes around a text that contains a comma.'
    return ['text, or a map of texts', hint]
  }
  return [
    'text, or a map of texts',
    `Write \`${key}: '…'\`, or one text for each value of \`each\`: \`${key}: { en: …, de: … }\`.`,
  ]
}

/** Returns the mistakes of the alternative that a value comes nearest to; undefined if none fits. */
export function nearestBranch(
  branches: readonly Branch[],
  path: Path,
  value: unknown,
): Branch | undefined {
  const fitting = branches.filter((branch) => !branch.some(isAboutWhole))
  const isOfFile = typeof value === 'object' && value !== null && 'from' in value
  return path.at(-1) === 'each' && isOfFile ? fitting.at(-1) : fitting[0]
}

/** Whether a mistake is about the kind of the value itself. */
function isAboutWhole({ path, code }: z.core.$ZodIssue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value')
}
