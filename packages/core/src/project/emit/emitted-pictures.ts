import { posix } from 'node:path'
import type { LockEntry } from '../../lock/lock.ts'
import type { Asset, EmitSettings, Output } from '../../manifest/manifest.ts'
import { mainOutputs } from '../picture/main-outputs.ts'
import { animatedOutputs, createPicture, type Picture } from '../picture/picture.ts'
import type { Snapshot } from '../snapshot.ts'
import { indexEntries } from '../types-file/index-entries.ts'

/** A picture as an emitted module exports it: like that of the Vite plugin, and all its files. */
export type EmittedPicture = Picture & {
  /** URL of every file of the picture by its name, `og.jpg`. */
  files: Record<string, string>
}

/** The pictures of an emitted module by name, and what it imports. */
export type EmittedPictures = {
  /** By the name of the asset or the family of shapes, with the identifier of its export. */
  pictures: { name: string; identifier: string | undefined; picture: EmittedPicture }[]
  /** Paths to import, relative to the module; empty with URLs. */
  imports: string[]
}

/** What stands in a text for the URL of import number N, from 0: NUL, N, NUL. */
// oxlint-disable-next-line no-control-regex -- No URL contains a NUL.
export const IMPORT_TOKEN: RegExp = /\0(\d+)\0/

type Emission = {
  snapshot: Pick<Snapshot, 'manifest' | 'lock'>
  settings: EmitSettings
  /** Returns the placeholder of a ThumbHash as a data URL. */
  placeholder: (thumbhash: string) => string
}

/**
 * Returns the pictures that the lockfile has files of. A picture that is about to be regenerated
 * has its present files; one that has none yet is left out.
 */
export function emittedPictures({ snapshot, settings, placeholder }: Emission): EmittedPictures {
  const { assets } = snapshot.manifest
  const imports: string[] = []
  const urlOf = createUrlOf(snapshot.manifest.out!, settings, imports)
  const pictureByName = new Map<string, EmittedPicture>()
  const present: Asset[] = []
  for (const asset of assets) {
    const entry = snapshot.lock.assets.get(asset.name)
    const made = entry === undefined ? undefined : withFiles(asset, entry)
    if (entry === undefined || made === undefined) continue
    const picture = pictureOf(made, entry, { urlOf, placeholder })
    present.push(made)
    pictureByName.set(made.name, picture)
    // The first shape stands for its family.
    if (made.family !== null && !pictureByName.has(made.family)) {
      pictureByName.set(made.family, picture)
    }
  }
  const pictures = indexEntries(present).map(({ name, identifier }) => ({
    name,
    // `Picture` is the type.
    identifier: identifier === 'Picture' ? undefined : identifier,
    picture: pictureByName.get(name)!,
  }))
  return { pictures, imports }
}

/** Returns an asset with the outputs that exist, at their sizes; `undefined` if there are none. */
function withFiles(asset: Asset, { outputs: locked }: LockEntry): Asset | undefined {
  const outputs = asset.outputs.flatMap((output): Output[] => {
    if (!Object.hasOwn(locked, output.file)) return []
    const { width, height } = locked[output.file]!
    return [{ ...output, width, height }]
  })
  return outputs.length === 0 ? undefined : { ...asset, outputs }
}

function pictureOf(
  asset: Asset,
  entry: LockEntry,
  { urlOf, placeholder }: { urlOf: (path: string) => string } & Pick<Emission, 'placeholder'>,
): EmittedPicture {
  const urlOfOutput = ({ file }: Output): string => urlOf(`${asset.name}/${file}`)
  const picture = createPicture(asset, {
    outputs: animatedOutputs(mainOutputs(asset.outputs), entry),
    urlOf: urlOfOutput,
    placeholder: placeholder(entry.master.thumbhash),
  })
  const files = asset.outputs.map((output) => [output.file, urlOfOutput(output)])
  return { ...picture, files: Object.fromEntries(files) as Record<string, string> }
}

/**
 * Returns what gives the URL of a file, by its path below `out`: the URL, or the token of an import
 * that is added to `imports`.
 */
function createUrlOf(
  out: string,
  { file: module, as, base }: EmitSettings,
  imports: string[],
): (path: string) => string {
  if (as === 'urls') return (path) => `${base}/${path.split('/').map(encodeURIComponent).join('/')}`
  const tokenByPath = new Map<string, string>()
  return (path) => {
    const known = tokenByPath.get(path)
    if (known !== undefined) return known
    const token = `\0${imports.length}\0`
    const specifier = posix.relative(posix.dirname(module), `${out}/${path}`)
    imports.push(specifier.startsWith('../') ? specifier : `./${specifier}`)
    tokenByPath.set(path, token)
    return token
  }
}
