import { shorten } from '../diagnostic.ts'
import { compareText } from '../digest.ts'
import { LimnError } from '../errors.ts'
import { masterExtensions } from '../manifest/presets.ts'
import type { Lock, LockEntry } from './lock.ts'

/** Version of the file format. Limn rejects files of a higher version. */
const LOCKFILE_VERSION = 1

/**
 * Formats a lock as canonical JSON: sorted keys, one block per asset and one line per output, so
 * that git merges conflict only where both sides changed the same picture.
 */
export function formatLock({ encoder, assets, extra }: Lock): string {
  const names = [...assets.keys()].sort(compareText)
  const blocks = names.map(
    (name) => `    ${JSON.stringify(name)}: ${formatEntry(assets.get(name)!)}`,
  )
  const rest = Object.keys(extra)
    .sort(compareText)
    .map((key) => `  ${JSON.stringify(key)}: ${JSON.stringify(extra[key])},\n`)
  const body = blocks.length === 0 ? '{}' : `{\n${blocks.join(',\n')}\n  }`
  return `{\n  "lockfileVersion": ${LOCKFILE_VERSION},\n  "encoder": ${JSON.stringify(encoder)},\n${rest.join('')}  "assets": ${body}\n}\n`
}

function formatEntry(entry: LockEntry): string {
  const fields = sortedEntries(entry).map(([key, value]) => {
    const lines = isObject(value)
      ? sortedEntries(value).map(([k, v]) => `        ${JSON.stringify(k)}: ${inline(v)}`)
      : undefined
    const text =
      lines === undefined
        ? inline(value)
        : lines.length === 0
          ? '{}'
          : `{\n${lines.join(',\n')}\n      }`
    return `      ${JSON.stringify(key)}: ${text}`
  })
  return `{\n${fields.join(',\n')}\n    }`
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const fields = sortedEntries(value).map(([key, v]) => `${JSON.stringify(key)}: ${inline(v)}`)
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
}

function sortedEntries(object: object): [string, unknown][] {
  return Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => compareText(a, b))
}

/**
 * Parses the text of a lockfile. The text is untrusted: it must have the shape of a lockfile, and
 * paths must stay inside `mastersFolder`, which is relative to the root.
 *
 * @throws LimnError `lock/invalid`, `lock/newer`
 */
export function parseLock(text: string, shownPath: string, mastersFolder = 'images'): Lock {
  const invalid = (what: string): never => {
    throw new LimnError('lock/invalid', shorten(`${shownPath} is not a valid lockfile: ${what}.`), {
      hint: 'Restore the last valid version with git: without it, every picture is paid for again.',
    })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const conflict = /^(<{7}|={7}|>{7})/m.test(text)
    invalid(conflict ? 'it has merge conflict markers' : 'it is not JSON')
  }
  if (!isObject(value)) return invalid('it is not an object')
  if (!isShallow(value, MAX_LEVELS)) return invalid('it is nested too deeply')
  const { lockfileVersion, encoder = null, assets, ...extra } = value as Record<string, unknown>
  if (typeof lockfileVersion === 'number' && lockfileVersion > LOCKFILE_VERSION) {
    throw new LimnError(
      'lock/newer',
      `${shownPath} was written by a newer version of Limn (format ${lockfileVersion}; this version reads format ${LOCKFILE_VERSION}).`,
      { hint: 'Update @limn/core.' },
    )
  }
  if (lockfileVersion !== LOCKFILE_VERSION) invalid('`lockfileVersion` is missing')
  if (encoder !== null && typeof encoder !== 'string') invalid('`encoder` is not a string')
  if (!isObject(assets)) return invalid('`assets` is missing')
  const entries = new Map<string, LockEntry>()
  for (const [name, entry] of Object.entries(assets)) {
    const wrong =
      name.length <= MAX_NAME_LENGTH && ASSET_NAME.test(name)
        ? whyInvalidEntry(entry, mastersFolder)
        : 'has an invalid name'
    if (wrong !== undefined) invalid(`the entry of "${name}" ${wrong}`)
    entries.set(name, entry as LockEntry)
  }
  return { encoder: encoder as string | null, assets: entries, extra }
}

/**
 * Parses some entries of a lockfile without parsing the rest.
 *
 * @returns `undefined` if an entry is missing or invalid, or if `formatLock` did not write the
 *   text: parse the whole file then
 */
export function parseLockEntries(
  bytes: Buffer,
  names: readonly string[],
  mastersFolder = 'images',
): Map<string, LockEntry> | undefined {
  if (
    !bytes
      .subarray(0, 100)
      .toString()
      .startsWith(`{\n  "lockfileVersion": ${LOCKFILE_VERSION},\n  "encoder": `)
  ) {
    return undefined
  }
  const entries = new Map<string, LockEntry>()
  let from = 0
  for (const name of names.toSorted(compareText)) {
    const head = Buffer.from(`\n    ${JSON.stringify(name)}: {\n`)
    const start = bytes.indexOf(head, from)
    const end = bytes.indexOf('\n    }', start)
    if (start < 0 || end < 0) return undefined
    from = end
    try {
      const entry: unknown = JSON.parse(bytes.toString('utf8', start + head.length - 2, end + 6))
      if (whyInvalidEntry(entry, mastersFolder) !== undefined) return undefined
      entries.set(name, entry as LockEntry)
    } catch {
      return undefined
    }
  }
  return entries
}

/** Maximum nesting of the JSON, which bounds recursion. A lockfile of this version has six levels. */
const MAX_LEVELS = 50

function isShallow(value: object, levels: number): boolean {
  if (levels === 0) return false
  const fields = value as Fields
  for (const key in fields) {
    const field = fields[key]
    if (typeof field === 'object' && field !== null && !isShallow(field, levels - 1)) return false
  }
  return true
}

const HEX = /^[0-9a-f]{64}$/
/** A path below the masters' folder. No segment is empty or starts with a dot, which rules out `..`. */
const MASTER_PATH = new RegExp(
  String.raw`^(\/[^./\\:*?"<>|\p{Cc}][^/\\:*?"<>|\p{Cc}]*)+\.(${masterExtensions.join('|')})$`,
  'u',
)
/** A path anywhere in the project, but not above it. */
const SOURCE_PATH = /^(?!\/|[a-z]:)(?!(.*\/)?\.\.(\/|$))[^\\\p{Cc}]+$/isu
/** Names become folders below `out` and `.limn/replaced`, so they must not contain `..` either. */
const ASSET_NAME = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]*(\/[\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]*)*$/u
/** Maximum length of a name in characters. A manifest allows fewer. */
const MAX_NAME_LENGTH = 1000
const OUTPUT_FILE = /^[\p{L}\p{M}\p{N}_-]+\.[a-z0-9]{2,5}$/u

/** Whether a path is inside the folder; without a folder, inside the project. */
function isInside(path: string, folder: string | undefined): boolean {
  if (folder === undefined) return SOURCE_PATH.test(path)
  return path.startsWith(`${folder}/`) && MASTER_PATH.test(path.slice(folder.length))
}

type Fields = Record<string, unknown>

function whyInvalidEntry(entry: unknown, mastersFolder: string): string | undefined {
  if (!isObject(entry)) return 'is not an object'
  const { request, master, made, outputs } = entry as Record<string, Fields | undefined>
  if (!isObject(request) || !isRequest(request)) return 'has an incomplete `request`'
  const isSource = request['operation'] === 'source'
  if (!isObject(master) || !isPictureRecord(master)) return 'has an incomplete `master`'
  if (
    typeof master['path'] !== 'string' ||
    !isInside(master['path'], isSource ? undefined : mastersFolder)
  ) {
    return isSource
      ? 'names a source outside the project'
      : `names a master outside ${mastersFolder}/`
  }
  if (typeof master['thumbhash'] !== 'string' || !STATES.includes(master['state'])) {
    return 'has an incomplete `master`'
  }
  if (!isObject(made) || !isRecord(made)) return 'has an incomplete `made`'
  if (!isObject(outputs)) return 'has no `outputs`'
  for (const file in outputs) {
    if (!OUTPUT_FILE.test(file)) return 'has an output with an invalid file name'
    const output = outputs[file]
    if (
      !isObject(output) ||
      !isPictureRecord(output as Fields) ||
      !((output as Fields)['recipe'] === null || isDigest((output as Fields)['recipe']))
    ) {
      return 'has an incomplete output'
    }
  }
  return undefined
}

const STATES: readonly unknown[] = ['generated', 'adopted', 'pinned']

function isRequest({ operation, source, prompt, model, size, inputs = [] }: Fields): boolean {
  if (operation === 'source') return typeof source === 'string'
  if (
    typeof operation !== 'string' ||
    typeof prompt !== 'string' ||
    typeof model !== 'string' ||
    typeof size !== 'string'
  ) {
    return false
  }
  // A picture that was adopted before its inputs existed has no digests of them.
  return (
    Array.isArray(inputs) &&
    inputs.every(
      (input: unknown) =>
        isObject(input) &&
        ((input as Fields)['sha256'] === null || isDigest((input as Fields)['sha256'])),
    )
  )
}

function isRecord({ provider, at, usd = 0, ownPrompt = '' }: Fields): boolean {
  return (
    typeof provider === 'string' &&
    typeof at === 'string' &&
    typeof usd === 'number' &&
    usd >= 0 &&
    typeof ownPrompt === 'string'
  )
}

/** Checks the fields that a master and an output have in common. */
function isPictureRecord({ sha256, bytes, width, height }: Fields): boolean {
  return isDigest(sha256) && isCount(bytes) && isCount(width) && isCount(height)
}

function isDigest(value: unknown): boolean {
  return typeof value === 'string' && HEX.test(value)
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
