import { dirname, posix, resolve } from 'node:path'
import { existsInside, maxBytes, readTextInside } from '../../disk/read-inside.ts'
import { writeFileAtomic } from '../../disk/write-atomic.ts'
import { LimnError } from '../../errors.ts'
import { listIgnored } from '../../git/ignored-files.ts'
import type { NewEntry } from '../../manifest/edit/add-asset.ts'
import type { ProjectContext } from '../context.ts'
import { withoutMark } from '../import/apply-import.ts'
import { chooseNames } from '../import/choose-names.ts'
import { candidatesOf, CODE, findUses } from '../import/find-uses.ts'
import { addAll, readBefore, takenNames } from '../import/import.ts'
import { type FoundPicture, readPictures } from '../import/read-pictures.ts'
import { walkFiles } from '../import/walk-files.ts'
import { writeChanges } from '../init/apply.ts'
import { applySplices, type Splice } from '../init/splice.ts'
import { runAsWriter } from '../run-as-writer.ts'
import type { Snapshot } from '../snapshot.ts'
import { convertDirectives, type MigratedOutput, NoCounterpart } from './directives.ts'
import { findImports, type FoundImport } from './find-imports.ts'
import { type ChangedText, formatPatch } from './format-patch.ts'
import { type ImagetoolsConfig, readImagetoolsConfig } from './read-defaults.ts'

/** An import that stays as it is. */
export type LeftImport = { file: string; line: number; column: number; reason: string }

/** What a migration found and would do. Nothing is written before `apply`. */
export type Migration = {
  changes: readonly ChangedText[]
  /** Number of imports that are converted. */
  converted: number
  left: readonly LeftImport[]
  /** Writes the changes as a patch for `git apply` to a file, relative to `cwd`. */
  writePatch(file: string): Promise<void>
  /** Writes all changes, or none. @throws LimnError `store/…`; ManifestError */
  apply(): Promise<void>
}

/** An import with the file and the picture that it names. */
type Located = FoundImport & { file: string; code: string; picturePath: string | undefined }
/** An import that Limn can serve. */
type Converted = Located & { picture: FoundPicture; output: MigratedOutput }

/** Largest file that is read, bytes: bundles are no code. */
const MAX_FILE = 1_000_000

/**
 * Finds the imports of vite-imagetools in the code of a project, and converts those that have a
 * counterpart: into an asset for each picture, with an output for each different import, and
 * imports of these.
 *
 * @throws LimnError `manifest/not-editable`; ManifestError
 */
export async function prepareMigration(
  context: ProjectContext,
  signal?: AbortSignal,
): Promise<Migration> {
  const { root, manifest } = context.paths
  const ignored = await listIgnored(root, signal)
  const config = await readImagetoolsConfig(root)
  const imports = locateImports(root, ignored, config)
  const paths = new Set(imports.map(({ picturePath }) => picturePath))
  const known = [...paths].filter((path) => path !== undefined)
  const { pictures, unusable } = await readPictures(root, known.sort(), signal)
  const pictureByPath = new Map(pictures.map((picture) => [picture.path, picture]))
  const reasons = new Map(unusable.map(({ path, reason }) => [path, reason]))
  const converted: Converted[] = []
  const left: LeftImport[] = []
  for (const found of imports) {
    const result = convert(found, { config, pictureByPath, reasons })
    if (typeof result === 'string') left.push({ ...placeOf(found), reason: result })
    else converted.push(result)
  }
  if (converted.length === 0) return migrationOf(context, { changes: [], converted, left }, signal)
  const isNew = !existsInside(root, manifest)
  const snapshot = isNew ? undefined : await readBefore(context)
  const before = isNew ? null : readTextInside(root, manifest, maxBytes.text)
  const nameByPath = nameAssets(converted, takenNames(context, snapshot))
  const entries = describeAssets(converted, { nameByPath, uses: { root, ignored } })
  const changes = [
    { path: context.paths.shownManifest, before, after: addAll(context, before, entries) },
    ...rewriteFiles(converted, nameByPath),
  ]
  return migrationOf(context, { changes, converted, left }, signal)
}

function migrationOf(
  context: ProjectContext,
  {
    changes,
    converted,
    left,
  }: {
    changes: readonly ChangedText[]
    converted: readonly Converted[]
    left: readonly LeftImport[]
  },
  signal: AbortSignal | undefined,
): Migration {
  return {
    changes,
    converted: converted.length,
    left,
    async writePatch(file) {
      const path = resolve(context.cwd, file)
      await writeFileAtomic(dirname(path), path, formatPatch(context.paths.root, changes))
    },
    apply: () => apply(context, changes, signal),
  }
}

async function apply(
  context: ProjectContext,
  changes: readonly ChangedText[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const [first] = changes
  if (first === undefined) return
  await runAsWriter(context, { signal }, async (): Promise<Snapshot> => {
    // Reports a mistake before anything is written.
    const snapshot = await context.read(new Map([[first.path, withoutMark(first.after)]]))
    await writeChanges(changes.map((change) => ({ ...change, folder: context.paths.root })))
    return snapshot
  })
}

function locateImports(
  root: string,
  ignored: ReadonlySet<string>,
  { defaults }: ImagetoolsConfig,
): Located[] {
  const hasDefaults = defaults.size > 0
  const found: Located[] = []
  for (const file of walkFiles('', { root, ignored })) {
    if (!CODE.test(file)) continue
    let code: string
    try {
      code = readTextInside(root, file, MAX_FILE)
    } catch {
      continue
    }
    if (code.includes('\uFFFD')) continue
    for (const each of findImports(code, { hasDefaults })) {
      const picturePath = candidatesOf(each.path, posix.dirname(file)).find(
        (path) => !path.startsWith('..') && existsInside(root, path),
      )
      found.push({ ...each, file, code, picturePath })
    }
  }
  return found
}

/** Converts an import, or returns why it can't: the end of a sentence. */
function convert(
  found: Located,
  {
    config: { defaults, obstacle },
    pictureByPath,
    reasons,
  }: {
    config: ImagetoolsConfig
    pictureByPath: ReadonlyMap<string, FoundPicture>
    reasons: ReadonlyMap<string, string>
  },
): Converted | string {
  const { name, picturePath, query, path } = found
  if (obstacle !== undefined) {
    return `${obstacle.option} in ${obstacle.file}:${obstacle.line}:${obstacle.column} may change what it means`
  }
  if (name === undefined) return 'only `import NAME from` can be converted'
  if (picturePath === undefined) return `there is no ${path}`
  const picture = pictureByPath.get(picturePath)
  if (picture === undefined) return reasons.get(picturePath) ?? 'it is not a picture'
  const directives = new URLSearchParams({
    ...Object.fromEntries(defaults),
    ...Object.fromEntries(new URLSearchParams(query)),
  })
  try {
    return { ...found, picture, output: convertDirectives(directives, picture) }
  } catch (error) {
    if (error instanceof NoCounterpart) return error.message
    throw error
  }
}

function placeOf({ file, code, start }: Located): Omit<LeftImport, 'reason'> {
  const before = code.slice(0, start)
  const lines = before.split('\n')
  return { file, line: lines.length, column: lines.at(-1)!.length + 1 }
}

/** Names the assets after their files. The folders in which all of them are say nothing. */
function nameAssets(
  converted: readonly Converted[],
  taken: ReadonlySet<string>,
): Map<string, string> {
  const paths = [...new Set(converted.map(({ picture }) => picture.path))].sort()
  const folders = paths.map((path) => posix.dirname(path).split('/'))
  let common = 0
  while (
    folders.length > 0 &&
    common < folders[0]!.length &&
    folders.every((parts) => parts[common] === folders[0]![common])
  ) {
    common++
  }
  const own = paths.map((path) =>
    path
      .split('/')
      .slice(path.includes('/') ? common : 0)
      .join('/'),
  )
  const names = chooseNames(own, taken)
  return new Map(paths.map((path, index) => [path, names[index]!]))
}

function describeAssets(
  converted: readonly Converted[],
  {
    nameByPath,
    uses: walk,
  }: {
    nameByPath: ReadonlyMap<string, string>
    uses: { root: string; ignored: ReadonlySet<string> }
  },
): NewEntry[] {
  const uses = findUses([...nameByPath.keys()], walk)
  return [...nameByPath].map(([path, key]) => {
    const own = converted.filter(({ picture }) => picture.path === path)
    const rules = [...new Set(own.map(({ output }) => output.rule))]
    const [alt] = [...(uses.get(path)?.alts.keys() ?? [])].filter((text) => text !== '')
    const outputs = rules.length === 1 ? `[${rules[0]}]` : `\n      - ${rules.join('\n      - ')}`
    return {
      key,
      fields: [
        ['source', path],
        ...(alt === undefined ? [] : [['alt', alt] as const]),
        ['outputs', { flow: outputs }],
      ],
    }
  })
}

function rewriteFiles(
  converted: readonly Converted[],
  nameByPath: ReadonlyMap<string, string>,
): ChangedText[] {
  return [...Map.groupBy(converted, ({ file }) => file)].map(([path, imports]) => {
    const before = imports[0]!.code
    const splices = imports.map((each) => rewriteImport(each, nameByPath.get(each.picture.path)!))
    return { path, before, after: applySplices(before, splices) }
  })
}

/** Returns the import of Limn that gives the same name a value of the same form. */
function rewriteImport(
  { name, start, end, quote, semicolon, indent, code, output }: Converted,
  asset: string,
): Splice {
  const from = `from ${quote}virtual:limn/${asset}@${output.name}${quote}${semicolon}`
  if (output.form === 'url' || output.form === 'picture') {
    return { start, end, text: `import ${name} ${from}` }
  }
  const eol = /\r?\n/.exec(code)?.[0] ?? '\n'
  const source = unusedName(`${name}${isOneFile(output) ? 'Url' : 'Picture'}`, code)
  const value = isOneFile(output)
    ? `\`\${${source}} ${output.widths[0]}w\``
    : output.form === 'srcset'
      ? `${source}.srcset`
      : `{ ...${source}.img, srcset: ${source}.srcset }`
  const text = `import ${source} ${from}${eol}${indent}const ${name} = ${value}${semicolon}`
  return { start, end, text }
}

function isOneFile({ widths, formats }: MigratedOutput): boolean {
  return widths.length * formats.length === 1
}

function unusedName(name: string, code: string): string {
  return code.includes(name) ? unusedName(`${name}_`, code) : name
}

/** @throws LimnError `usage` for a tool that Limn can't migrate from */
export function requireTool(tool: string): void {
  if (tool === 'imagetools') return
  throw new LimnError('usage', `limn migrate does not know ${tool}.`, {
    hint: 'It migrates from imagetools.',
  })
}
