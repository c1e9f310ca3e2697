import type { z } from 'zod'
import { didYouMean, suggest } from '../../did-you-mean.ts'
import { describePath, isInOutputs, isPosition, isStyleNames } from './describe-path.ts'
import {
  describeNumber,
  describeType,
  describeTypeOf,
  showValue,
  valueAt,
} from './describe-value.ts'
import { expectedInRule, isInRule, nearestBranch } from './explain-rule-value.ts'
import { explainForeignKey } from './foreign-keys.ts'
import { knownKeysAt } from './known-keys.ts'
import { explainMisplacedKey } from './misplaced-keys.ts'
import type { Path } from './path.ts'
import { manifestSchema } from './schema.ts'

/** One mistake of shape, in words. */
type Explanation = {
  code: string
  path: (string | number)[]
  part: 'key' | 'value'
  message: string
  hint?: string
  /** The key that the unknown one is a misspelling of. */
  meant?: string
}

type Issue = z.core.$ZodIssue
type IssueOf<Code extends Issue['code']> = Extract<Issue, { code: Code }>

/** An issue's path, the value there, and the manifest's whole value. */
type Context = { path: (string | number)[]; value: unknown; root: unknown }

/** Explains an issue of the schema. `root` is the manifest's value. */
export function explainIssue(issue: Issue, root: unknown): Explanation[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
  const context = { path, value: valueAt(root, path), root }
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => explainUnknownKey(key, context))
    case 'invalid_type':
      return [explainType(issue, context)]
    case 'invalid_value':
      return [explainValue(issue, context)]
    case 'too_small':
    case 'too_big':
      return [explainBound(issue, context)]
    case 'invalid_union':
      return explainUnion(issue, context)
    default:
      return [explainFormat(issue, context)]
  }
}

function explainUnknownKey(key: string, { path, root }: Context): Explanation {
  if (path.length === 0 && Object.hasOwn(manifestSchema.shape, key)) {
    return {
      code: 'root-only',
      path: [key],
      part: 'key',
      message: `\`${key}\` is allowed only in the root manifest.`,
      hint: 'Remove the key from this included file, or move it to the root manifest.',
    }
  }
  const known = knownKeysAt(path)
  const list = known.length > 0 ? `Known keys: ${known.join(', ')}.` : undefined
  const quotes = hintForQuotes(key, valueAt(root, [...path, key]))
  const elsewhere = explainForeignKey(key, path) ?? explainMisplaced(key, { path, root })
  const hint = elsewhere ?? didYouMean(key, known) ?? quotes ?? list
  const meant = elsewhere === undefined ? suggest(key, known) : undefined
  return {
    code: 'unknown-key',
    path: [...path, key],
    part: 'key',
    message: `Unknown key "${key}"${path.length > 0 ? ` in ${describePath(path)}` : ''}.`,
    ...(hint === undefined ? {} : { hint }),
    ...(meant === undefined ? {} : { meant }),
  }
}

/** `{ prompt: A red mug, white handle }`: YAML reads what follows the comma as a key without value. */
function hintForQuotes(key: string, value: unknown): string | undefined {
  return value === null
    ? `If "${key}" is part of the text before it, put quotes around that text: it contains a comma.`
    : undefined
}

/** Says where a key belongs, unless its value fits a similar key here: `style: { brand: … }`. */
function explainMisplaced(
  key: string,
  { path, root }: Pick<Context, 'path' | 'root'>,
): string | undefined {
  const value = valueAt(root, [...path, key])
  const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value)
  const isMisspelt = path.length === 0 && isGroup && suggest(key, knownKeysAt(path)) !== undefined
  return isMisspelt ? undefined : explainMisplacedKey(key, path)
}

function explainMissing(path: Context['path']): Explanation {
  return {
    code: 'missing',
    path,
    part: 'key',
    message: `${nameOf(path)} is missing.`,
    hint: hintForMissing(path),
  }
}

function explainType({ expected }: IssueOf<'invalid_type'>, context: Context): Explanation {
  const { path, value } = context
  if (value === undefined) return explainMissing(path)
  const actual =
    typeof value === 'number' && expected !== 'string' ? describeNumber(value, expected) : undefined
  return wrongType(context, describeType(expected), {
    actual,
    hint: hintForType(expected, value, path),
  })
}

function explainValue({ values }: IssueOf<'invalid_value'>, { path, value }: Context): Explanation {
  if (value === undefined) return explainMissing(path)
  const names = values.map(String)
  const list = names.length === 1 ? `Write ${names[0]}.` : `Write one of ${names.join(', ')}.`
  const near = typeof value === 'string' ? didYouMean(value, names) : undefined
  return ofValue('wrong-value', path, `${nameOf(path)} can't be ${showValue(value)}.`, near ?? list)
}

function explainBound(
  issue: IssueOf<'too_small'> | IssueOf<'too_big'>,
  { path, value }: Context,
): Explanation {
  const isTooSmall = issue.code === 'too_small'
  if (isTooSmall && Number(issue.minimum) === 1 && (value === '' || Array.isArray(value))) {
    const hint = `${value === '' ? 'Write a value' : 'Add an entry'}, or remove the key.`
    return ofValue('out-of-range', path, `${nameOf(path)} is empty.`, hint)
  }
  const bound = isTooSmall ? `at least ${issue.minimum}` : `at most ${issue.maximum}`
  const unitByOrigin: Record<string, string> = { string: ' characters', array: ' entries' }
  const unit = unitByOrigin[issue.origin]
  const must = unit === undefined ? `be ${bound}` : `have ${bound}${unit}`
  return ofValue('out-of-range', path, `${nameOf(path)} must ${must}.`)
}

/** Explains a value that is none of several alternatives, by the one that it comes nearest to. */
function explainUnion(issue: IssueOf<'invalid_union'>, context: Context): Explanation[] {
  const { path, value, root } = context
  const explainBranch = (branch: readonly Issue[] = []): Explanation[] =>
    branch.flatMap((inner) =>
      explainIssue({ ...inner, path: [...issue.path, ...inner.path] }, root),
    )
  if (isStyleNames(path)) {
    return Array.isArray(value) ? explainBranch(issue.errors[1]) : [explainStyleNames(context)]
  }
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (isPosition(path)) {
    const branch = issue.errors[isMap ? 1 : 0]
    return isMap || typeof value === 'string' ? explainBranch(branch) : [explainPosition(context)]
  }
  if (isInExpect(path)) {
    const branch = isMap || path.at(-1) === 'quiet' ? 0 : Array.isArray(value) ? 1 : undefined
    const isExplained = branch !== undefined && (branch > 0 || isMap || typeof value === 'string')
    return isExplained ? explainBranch(issue.errors[branch]) : [explainExpected(context)]
  }
  const branch = nearestBranch(issue.errors, path, value)
  if (isInRule(path)) return branch === undefined ? [explainInRule(context)] : explainBranch(branch)
  if (!isInOutputs(path)) {
    return isMap && branch !== undefined ? explainBranch(branch) : [explainScalar(context)]
  }
  if (!isMap && typeof value !== 'string') return [explainOutput(context)]
  return explainBranch(issue.errors[isMap ? 1 : 0] ?? issue.errors[0])
}

function explainStyleNames(context: Context): Explanation {
  const key = String(context.path[2])
  const hint = `Write \`${key}: brand\` or \`${key}: [brand, watercolor]\`.`
  return wrongType(context, "a style's name or a list of names", { hint })
}

/** What a part of `expect` can be, and how to write it; for all others, texts. */
const expected: Readonly<Record<string, readonly [wanted: string, hint: string]>> = {
  expect: ['a map of tests, or false', 'Write the tests: `expect: { not-blank: true }`.'],
  quiet: ['a side, a corner or the center', 'Write `quiet: left`, or `quiet: false`.'],
  contrast: ['a map, or false', "Write `contrast: { at: left, with: '#ffffff' }`."],
  palette: ['a map, or false', "Write `palette: { near: ['#0b3d2e'] }`."],
}

function explainExpected(context: Context): Explanation {
  const key = String(context.path.at(-1))
  const [wanted, hint] = expected[key] ?? [
    'text, a list of texts, or false',
    `Write \`${key}: …\` or \`${key}: [… , …]\`.`,
  ]
  return wrongType(context, wanted, { hint })
}

/** Whether a path leads to `expect` of an asset, a style or `defaults`, or into one. */
function isInExpect(path: Path): boolean {
  return path[0] === 'defaults' ? path[1] === 'expect' : path[2] === 'expect'
}

function explainInRule(context: Context): Explanation {
  const [wanted, hint] = expectedInRule(context.path, context.value)
  const actual = typeof context.value === 'number' ? String(context.value) : undefined
  return wrongType(context, wanted, { actual, hint })
}

function explainPosition(context: Context): Explanation {
  return wrongType(context, 'a side, a corner or a point', {
    hint: 'Write `position: top`, or a point as shares from the left and the top: `position: { x: 0.3, y: 0.4 }`.',
  })
}

function explainScalar(context: Context): Explanation {
  const [key, inner] = context.path.slice(2)
  if (key === 'character') {
    return wrongType(context, "a character's name or a list of names", {
      hint: 'Write `character: mia` or `character: [mia, captain]`.',
    })
  }
  if (inner === 'cells') {
    return wrongType(context, 'a name or a map', {
      hint: 'Write `cells: [mail, { name: home, prompt: a house }]`.',
    })
  }
  const hint = hintForScalar(context)
  return wrongType(context, 'text, a number or a list of them', { hint })
}

function hintForScalar({ path, value }: Context): string | undefined {
  if (value === null) return hintForType('', value, path)
  return typeof value === 'object'
    ? 'Write one value, for example `color: red`, or a list, for example `color: [red, blue]`.'
    : 'Put quotes around it to make it text.'
}

function explainOutput(context: Context): Explanation {
  return wrongType(context, "a preset's name or a map", {
    hint: 'Write a preset, for example `og`, or a size, for example `{ width: 640, height: 360 }`.',
  })
}

/** Explains a value of a wrong type. `actual` defaults to the name of the value's type. */
function wrongType(
  { path, value }: Context,
  wanted: string,
  { actual, hint }: { actual?: string | undefined; hint: string | undefined },
): Explanation {
  const message =
    value === null
      ? `${nameOf(path)} is empty: it must be ${wanted}.`
      : `${nameOf(path)} must be ${wanted}, not ${actual ?? describeTypeOf(value)}.`
  return ofValue('wrong-type', path, message, hint)
}

/** Explains a value that does not match a pattern: the schema's message is the hint. */
function explainFormat({ message }: Issue, { path, value }: Context): Explanation {
  const isKey = path[0] === 'providers' && path.at(-1) === 'key'
  return ofValue(
    'wrong-value',
    path,
    isKey
      ? `\`key\` of "${String(path[1])}" is not the name of an environment variable.`
      : `${nameOf(path)} can't be ${showValue(value)}.`,
    message,
  )
}

function ofValue(code: string, path: Context['path'], message: string, hint?: string): Explanation {
  return { code, path, part: 'value', message, ...(hint === undefined ? {} : { hint }) }
}

/** The name of what a path leads to, as the start of a sentence. */
function nameOf(path: Path): string {
  const name = describePath(path)
  return name.charAt(0).toUpperCase() + name.slice(1)
}

function hintForMissing(path: Path): string {
  const key = path.at(-1)
  if (path.length === 1 && key === 'version') return 'Add `version: 1` at the top.'
  if (path.length === 1 && key === 'assets') {
    return 'Add `assets:` with a picture below it, for example `hero: { prompt: A lighthouse at dawn }`.'
  }
  return `Add \`${String(key)}:\`.`
}

function hintForType(expected: string, value: unknown, path: Path): string | undefined {
  if (value === null) return 'Write a value after the colon, or remove the key.'
  const key = String(path.findLast((step) => typeof step === 'string'))
  switch (expected) {
    case 'string':
      return typeof value === 'object'
        ? `Write a single text, as \`${key}: …\`, in quotes if it begins with { or [.`
        : 'Put quotes around it to make it text.'
    case 'number':
      return `Write a number without a unit, for example \`${key}: ${wholeNumberIn(value)}\`.`
    case 'int':
      return `Write a whole number without a unit, for example \`${key}: ${wholeNumberIn(value)}\`.`
    case 'boolean':
      return 'Write true or false.'
    case 'array':
      return `Write a list, for example \`${String(path.at(-1))}: [${showValue(value)}]\`.`
    default:
      return hintForMap(expected, value, path)
  }
}

function hintForMap(expected: string, value: unknown, path: Path): string | undefined {
  const key = String(path.findLast((step) => typeof step === 'string'))
  if (key === 'edit' || key === 'variation') {
    return `Write \`${key}: { image: ${typeof value === 'string' ? value : 'hero'} }\`.`
  }
  if (path.length === 0) return 'Add `version: 1` at the top, and pictures below `assets:`.'
  return expected === 'record' || expected === 'object'
    ? 'Write its keys below it, indented by two more spaces.'
    : undefined
}

/** The whole number that a text or number begins with; 1 if there is none. */
function wholeNumberIn(value: unknown): number {
  return Math.round(Number.parseFloat(String(value))) || 1
}
