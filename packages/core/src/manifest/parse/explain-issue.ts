import type { z } from 'zod'
import { hideKeys } from '../../diagnostic.ts'
import { didYouMean, suggest } from '../../did-you-mean.ts'
import { assetSchema, manifestSchema, presetSchema, styleSchema } from './schema.ts'

/** One mistake of shape, in words. */
export type Explanation = {
  code: string
  path: (string | number)[]
  part: 'key' | 'value'
  message: string
  hint?: string
  /** The key that was surely meant. */ meant?: string
}

type Issue = z.core.$ZodIssue

/** Puts an issue of the schema into words; `root` is the manifest's value. */
export function explainIssue(issue: Issue, root: unknown): Explanation[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
  const value = valueAt(root, path)
  const name = nameOf(path)
  const at = (code: string, message: string, hint?: string): Explanation[] => [
    { code, path, part: 'value', message, ...(hint === undefined ? {} : { hint }) },
  ]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        if (path.length === 0 && Object.hasOwn(manifestSchema.shape, key)) {
          return {
            code: 'root-only',
            path: [key],
            part: 'key',
            message: `\`${key}\` belongs in the root manifest alone.`,
            hint: 'This file is included by another one: take the key out, or write it there.',
          }
        }
        const known = keysAt(path)
        const near = didYouMean(key, known)
        const meant = suggest(key, known)
        const hint = near ?? (known.length > 0 ? `Known here: ${known.join(', ')}.` : undefined)
        return {
          code: 'unknown-key',
          path: [...path, key],
          part: 'key',
          message: `Unknown key "${key}"${path.length > 0 ? ` in ${name}` : ''}.`,
          ...(hint === undefined ? {} : { hint }),
          ...(meant === undefined ? {} : { meant }),
        }
      })
    case 'invalid_type':
      if (value === undefined) {
        return [
          {
            code: 'missing',
            path,
            part: 'key',
            message: `${capital(name)} is missing.`,
            hint: hintForMissing(path),
          },
        ]
      }
      return at(
        'wrong-type',
        `${capital(name)} must be ${article(issue.expected)}, and this is ${typeof value === 'number' && issue.expected !== 'string' ? showNumber(value, issue.expected) : article(typeName(value))}.`,
        hintForType(issue.expected, value, path),
      )
    case 'invalid_value': {
      const values = issue.values.map(String)
      if (value === undefined) {
        return [
          {
            code: 'missing',
            path,
            part: 'key',
            message: `${capital(name)} is missing.`,
            hint: hintForMissing(path),
          },
        ]
      }
      const near = typeof value === 'string' ? didYouMean(value, values) : undefined
      return at(
        'wrong-value',
        `${capital(name)} can't be ${show(value)}.`,
        near ??
          (values.length === 1 ? `Write ${values[0]}.` : `Write one of ${values.join(', ')}.`),
      )
    }
    case 'too_small':
    case 'too_big': {
      if (
        issue.code === 'too_small' &&
        Number(issue.minimum) === 1 &&
        (value === '' || Array.isArray(value))
      ) {
        return at(
          'out-of-range',
          `${capital(name)} is empty.`,
          `Write ${value === '' ? 'something' : 'an entry'} there, or leave the key out.`,
        )
      }
      const bound =
        issue.code === 'too_small'
          ? `at least ${String(issue.minimum)}`
          : `at most ${String(issue.maximum)}`
      const unit =
        issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' entries' : ''
      return at(
        'out-of-range',
        `${capital(name)} must ${unit === '' ? 'be' : 'have'} ${bound}${unit}.`,
      )
    }
    case 'invalid_union': {
      if (
        (path[0] === 'assets' && path[2] === 'style') ||
        (path[0] === 'styles' && path[2] === 'extends')
      ) {
        if (Array.isArray(value)) {
          return (issue.errors[1] ?? []).flatMap((inner) =>
            explainIssue({ ...inner, path: [...issue.path, ...inner.path] }, root),
          )
        }
        return at(
          'wrong-type',
          `${capital(name)} must be a style's name, or a list of names, and this is ${article(typeName(value))}.`,
          `Write \`${String(path[2])}: brand\`, or \`${String(path[2])}: [brand, watercolor]\`.`,
        )
      }
      if (!isInOutputs(path)) {
        return at(
          'wrong-type',
          `${capital(name)} must be text, a number or a list of them, and this is ${article(typeName(value))}.`,
          value === null
            ? hintForType('', value, path)
            : typeof value === 'object'
              ? 'Write one value, as `color: red`, or a list, as `color: [red, blue]`.'
              : 'Put quotes around it to make it text.',
        )
      }
      const wanted = typeof value === 'object' && value !== null && !Array.isArray(value) ? 1 : 0
      const branch = issue.errors[wanted] ?? issue.errors[0] ?? []
      if (typeof value !== 'string' && wanted === 0) {
        return at(
          'wrong-type',
          `${capital(name)} must be a preset's name or a map, and this is ${article(typeName(value))}.`,
          'Write a preset, as `og`, or a size, as `{ width: 640, height: 360 }`.',
        )
      }
      return branch.flatMap((inner) =>
        explainIssue({ ...inner, path: [...issue.path, ...inner.path] }, root),
      )
    }
    default:
      if (path[0] === 'providers' && path.at(-1) === 'key') {
        return at(
          'wrong-value',
          `\`key\` of "${String(path[1])}" is not the name of a variable.`,
          issue.message,
        )
      }
      return at('wrong-value', `${capital(name)} can't be ${show(value)}.`, issue.message)
  }
}

/** `the prompt of "hero"`, from the path to a value. */
function nameOf(path: readonly (string | number)[]): string {
  const [group, item, ...rest] = path
  if (group === undefined) return 'the manifest'
  const key = path.findLast((step) => typeof step === 'string') ?? group
  const owner = {
    assets: 'the asset',
    styles: 'the style',
    presets: 'the preset',
    profiles: 'the profile',
    providers: 'the provider',
  }[String(group)]
  if (owner === undefined) return path.length === 1 ? `\`${group}\`` : `\`${key}\` of ${group}`
  if (item === undefined) return `\`${group}\``
  return rest.length === 0 ? `${owner} "${item}"` : `\`${key}\` of "${item}"`
}

function keysAt(path: readonly (string | number)[]): string[] {
  const [group, , inner] = path
  if (group === undefined) return Object.keys(manifestSchema.shape)
  if (isInOutputs(path)) return ['preset', 'name', ...Object.keys(presetSchema.shape)]
  if (group === 'assets' && inner === 'edit') {
    return Object.keys(assetSchema.shape.edit.unwrap().shape)
  }
  if (group === 'assets' && inner === 'variation') {
    return Object.keys(assetSchema.shape.variation.unwrap().shape)
  }
  if (group === 'assets' && inner === undefined) return Object.keys(assetSchema.shape)
  if (group === 'styles') return Object.keys(styleSchema.shape)
  if (group === 'presets') return Object.keys(presetSchema.shape)
  if (group === 'profiles') {
    return Object.keys(manifestSchema.shape.profiles.unwrap().valueType.shape)
  }
  if (group === 'defaults') return Object.keys(manifestSchema.shape.defaults.unwrap().shape)
  return []
}

/** Whether a path leads into a list of outputs. */
function isInOutputs([group, second, third]: readonly (string | number)[]): boolean {
  return (
    (group === 'assets' && third === 'outputs') || (group === 'defaults' && second === 'outputs')
  )
}

function hintForMissing(path: readonly (string | number)[]): string {
  const key = path.at(-1)
  if (path.length === 1 && key === 'version') return 'Write `version: 1` at the top.'
  if (path.length === 1 && key === 'assets') {
    return 'Write `assets:` and below it a picture, as `hero: { prompt: A lighthouse at dawn }`.'
  }
  return `Write \`${String(key)}:\` there.`
}

function hintForType(
  expected: string,
  value: unknown,
  path: readonly (string | number)[],
): string | undefined {
  if (value === null) {
    return 'Nothing stands after the colon: write its value there, or leave the key out.'
  }
  const key = String(path.findLast((step) => typeof step === 'string'))
  if (expected === 'string' && typeof value === 'object') {
    return `Write one text, as \`${key}: …\`, with quotes where it begins with { or [.`
  }
  if (expected === 'number' || expected === 'int') {
    return `Write a ${expected === 'int' ? 'whole ' : ''}number without a unit, as \`${key}: ${Math.round(Number.parseFloat(String(value))) || 1}\`.`
  }
  if (expected === 'string') return 'Put quotes around it to make it text.'
  if (expected === 'boolean') return 'Write true or false.'
  if (expected === 'array') return `Write a list, as \`${String(path.at(-1))}: [${show(value)}]\`.`
  if (key === 'edit' || key === 'variation') {
    return `Write \`${key}: { image: ${typeof value === 'string' ? value : 'hero'} }\`.`
  }
  if (path.length === 0) return 'Write `version: 1` at the top, and pictures below `assets:`.'
  if (expected === 'record' || expected === 'object') {
    return 'Write keys below it, two spaces further in.'
  }
  return undefined
}

function typeName(value: unknown): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'array'
  return typeof value
}

function article(type: string): string {
  const words: Record<string, string> = {
    string: 'text',
    array: 'a list',
    object: 'a map',
    record: 'a map',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    nothing: 'nothing',
  }
  return words[type] ?? type
}

/** A number that is none of those wanted. */
function showNumber(value: number, expected: string): string {
  if (Number.isNaN(value)) return 'none'
  if (!Number.isFinite(value)) return 'too large'
  return expected === 'int' ? show(value) : 'a number'
}

/** A value as it stands in the file, short enough for a sentence. */
function show(value: unknown): string {
  const text =
    typeof value === 'string'
      ? JSON.stringify(hideKeys(value.slice(0, 100)))
      : (JSON.stringify(value) ?? String(value))
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  let value = root
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<string | number, unknown>)[step]
  }
  return value
}
