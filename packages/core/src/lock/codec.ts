import { shorten } from '../diagnostic.ts'
import { compareText } from '../digest.ts'
import { LimnError } from '../errors.ts'
import type { ImageRequest } from '../identity/request.ts'
import { isObject } from '../is-object.ts'
import { masterExtensions } from '../manifest/presets.ts'
import { isExamination } from './examination.ts'
import type { Lock, LockEntry, MasterRecord } from './lock.ts'

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
  return lockOf(value, { shownPath, mastersFolder, invalid })
}

type LockContext = {
  shownPath: string
  mastersFolder: string
  /** Throws the error of an invalid lockfile. */
  invalid: (what: string) => never
}

/** Returns the lock that a JSON value is, after checking its shape. */
function lockOf(value: object, { shownPath, mastersFolder, invalid }: LockContext): Lock {
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
    const wrong = whyInvalidAsset(name, entry, mastersFolder)
    if (wrong !== undefined) invalid(`the entry of "${name}" ${wrong}`)
    entries.set(name, entry as LockEntry)
  }
  return { encoder: encoder as string | null, assets: entries, extra }
}

/**
 * Checks that `parseLock` accepts what `formatLock` writes.
 *
 * @throws LimnError `lock/invalid`
 */
export function requireValidLock(
  { assets }: Lock,
  shownPath: string,
  mastersFolder = 'images',
): void {
  for (const [name, entry] of assets) {
    const wrong = isShallow(entry, MAX_LEVELS - 2)
      ? whyInvalidAsset(name, entry, mastersFolder)
      : 'is nested too deeply'
    if (wrong === undefined) continue
    throw new LimnError(
      'lock/invalid',
      shorten(`${shownPath} was not written: the entry of "${name}" ${wrong}.`),
      { hint: 'Report this as a bug of Limn. Pictures that were received are in the journal.' },
    )
  }
}

/**
 * Parses the entry of an asset that was read from a file other than the lockfile.
 *
 * @returns `undefined` if the lockfile could not contain it
 */
export function parseLockEntry(
  name: string,
  entry: unknown,
  mastersFolder: string,
): LockEntry | undefined {
  return isObject(entry) &&
    isShallow(entry, MAX_LEVELS - 2) &&
    whyInvalidAsset(name, entry, mastersFolder) === undefined
    ? (entry as LockEntry)
    : undefined
}

/** Whether a text can be the name of an asset in a lockfile. */
export function isAssetName(name: unknown): name is string {
  return typeof name === 'string' && name.length <= MAX_NAME_LENGTH && ASSET_NAME.test(name)
}

/** Parses a request to a model; `undefined` if a part is missing or has the wrong type. */
export function parseImageRequest(value: unknown): ImageRequest | undefined {
  return isObject(value) &&
    isShallow(value, MAX_LEVELS - 3) &&
    (value as Fields)['operation'] !== 'source' &&
    isRequest(value as Fields)
    ? (value as ImageRequest)
    : undefined
}

const isString = (value: unknown): boolean => typeof value === 'string'

/** The type of each field of `MasterRecord`. Only these fields are taken from a file. */
const RECORD_FIELDS: Record<keyof MasterRecord, (value: unknown) => boolean> = {
  provider: isString,
  ownPrompt: isString,
  at: (value) => isString(value) && !Number.isNaN(Date.parse(value as string)),
  batch: isString,
  requestId: isString,
  revisedPrompt: isString,
  sentPrompt: isString,
  usage: (value) => isObject(value) && Object.values(value).every(isAmount),
  usd: isAmount,
  estimated: (value) => value === true,
  candidates: isCount,
  picked: isCount,
}

/**
 * Parses the record of how a picture was made. Drops unknown fields.
 *
 * @returns `undefined` if a field is missing or has the wrong type: no part is trusted then
 */
export function parseMasterRecord(value: unknown): MasterRecord | undefined {
  if (!isObject(value)) return undefined
  const fields = Object.keys(RECORD_FIELDS).flatMap((key) => {
    const field = Object.hasOwn(value, key) ? (value as Fields)[key] : undefined
    return field === undefined ? [] : [[key, field] as const]
  })
  const isValid = fields.every(([key, field]) => RECORD_FIELDS[key as keyof MasterRecord](field))
  const record = Object.fromEntries(fields)
  return isValid && isRecord(record) ? (record as MasterRecord) : undefined
}

/** Returns what is wrong with an entry of a lockfile; `undefined` if nothing is. */
export function whyInvalidAsset(
  name: string,
  entry: unknown,
  mastersFolder: string,
): string | undefined {
  return isAssetName(name) ? whyInvalidEntry(entry, mastersFolder) : 'has an invalid name'
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
export const MAX_LEVELS = 50

/** Returns whether a value has at most that many levels. */
export function isShallow(value: object, levels: number): boolean {
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
  const { request, master, made, outputs, examined } = entry as Record<string, Fields | undefined>
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
  if (examined !== undefined && !isExamination(examined)) return 'has an incomplete `examined`'
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

/** Whether a value is a SHA-256, 64 hex digits. */
export function isDigest(value: unknown): value is string {
  return typeof value === 'string' && HEX.test(value)
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0
}
