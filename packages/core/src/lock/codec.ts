import { shorten } from '../diagnostic.ts'
import { compareText } from '../digest.ts'
import { LimnError } from '../errors.ts'
import { masterExtensions } from '../manifest/presets.ts'
import type { Lock, LockEntry } from './lock.ts'

/** Version of the format. A higher one is refused rather than misread. */
const LOCKFILE_VERSION = 1

/**
 * The one text of a lock: JSON, every key sorted, one asset a block, one output a line, so that
 * merges meet only where both sides changed the same picture.
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
 * Reads a lock's text. It is untrusted: whatever does not have the shape of a lock, or names a file
 * outside the masters' folder, is refused.
 *
 * @throws LimnError `lock/invalid`, `lock/newer`
 */
export function parseLock(text: string, shownPath: string, mastersFolder = 'images'): Lock {
  const invalid = (what: string): never => {
    throw new LimnError('lock/invalid', shorten(`${shownPath} is not a lockfile: ${what}.`), {
      hint: 'Take back the last good version with git. Deleting it would mean paying again for every picture.',
    })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const conflict = /^(<{7}|={7}|>{7})/m.test(text)
    invalid(conflict ? 'it has the conflict markers of a merge' : 'it is not JSON')
  }
  if (!isObject(value)) return invalid('it is no map')
  if (!isShallow(value, MOST_LEVELS)) return invalid('it is nested too deep')
  const { lockfileVersion, encoder = null, assets, ...extra } = value as Record<string, unknown>
  if (typeof lockfileVersion === 'number' && lockfileVersion > LOCKFILE_VERSION) {
    throw new LimnError(
      'lock/newer',
      `${shownPath} was written by a newer Limn (format ${lockfileVersion}; this one reads ${LOCKFILE_VERSION}).`,
      { hint: 'Update @limn/core.' },
    )
  }
  if (lockfileVersion !== LOCKFILE_VERSION) invalid('`lockfileVersion` is missing')
  if (encoder !== null && typeof encoder !== 'string') invalid('`encoder` is no text')
  if (!isObject(assets)) return invalid('`assets` is missing')
  const entries = new Map<string, LockEntry>()
  for (const [name, entry] of Object.entries(assets)) {
    const wrong =
      name.length <= LONGEST_NAME && ASSET_NAME.test(name)
        ? whyInvalidEntry(entry, mastersFolder)
        : 'has a name that no asset can have'
    if (wrong !== undefined) invalid(`the entry of "${name}" ${wrong}`)
    entries.set(name, entry as LockEntry)
  }
  return { encoder: encoder as string | null, assets: entries, extra }
}

/**
 * Some entries of a lock's text, which is not parsed beyond them.
 *
 * @returns `undefined` where one is not there, or the text is not laid out as `formatLock` does it:
 *   then it has to be parsed whole
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

/** Levels that a lock may be nested: to write it again is to go as deep. Its own has six. */
const MOST_LEVELS = 50

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
/** Below the masters' folder, no part that is empty or starts with a dot, so that nothing climbs. */
const MASTER_PATH = new RegExp(
  String.raw`^(\/[^./\\:*?"<>|\p{Cc}][^/\\:*?"<>|\p{Cc}]*)+\.(${masterExtensions.join('|')})$`,
  'u',
)
/** A source may lie anywhere in the project, but not above it. */
const SOURCE_PATH = /^(?!\/|[a-z]:)(?!(.*\/)?\.\.(\/|$))[^\\\p{Cc}]+$/isu
/** Names become folders below `out` and `.limn/replaced`, so they too must not climb. */
const ASSET_NAME = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]*(\/[\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]*)*$/u
/** Characters; a manifest allows fewer. */
const LONGEST_NAME = 1000
const OUTPUT_FILE = /^[\p{L}\p{M}\p{N}_-]+\.[a-z0-9]{2,5}$/u

/** Whether a path stays in the project, or where a folder is given in that folder. */
function isInside(path: string, folder: string | undefined): boolean {
  if (folder === undefined) return SOURCE_PATH.test(path)
  return path.startsWith(`${folder}/`) && MASTER_PATH.test(path.slice(folder.length))
}

type Fields = Record<string, unknown>

function whyInvalidEntry(entry: unknown, mastersFolder: string): string | undefined {
  if (!isObject(entry)) return 'is no map'
  const { request, master, made, outputs } = entry as Record<string, Fields | undefined>
  if (!isObject(request) || !isRequest(request)) return 'has no whole `request`'
  const isSource = request['operation'] === 'source'
  if (!isObject(master) || !isPictureRecord(master)) return 'has no whole `master`'
  if (
    typeof master['path'] !== 'string' ||
    !isInside(master['path'], isSource ? undefined : mastersFolder)
  ) {
    return isSource
      ? 'names a source outside the project'
      : `names a master outside ${mastersFolder}/`
  }
  if (typeof master['thumbhash'] !== 'string' || !STATES.includes(master['state'])) {
    return 'has no whole `master`'
  }
  if (!isObject(made) || !isRecord(made)) return 'has no `made`'
  if (!isObject(outputs)) return 'has no `outputs`'
  for (const file in outputs) {
    if (!OUTPUT_FILE.test(file)) return 'names an output that is no file name'
    const output = outputs[file]
    if (
      !isObject(output) ||
      !isPictureRecord(output as Fields) ||
      !((output as Fields)['recipe'] === null || isDigest((output as Fields)['recipe']))
    ) {
      return 'has an output without its digests'
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
  // A picture that was adopted before what it is made from has none of that.
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

/** What a master and an output have in common. */
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
