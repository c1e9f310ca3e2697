import type { Place } from '../../diagnostic.ts'
import type { AssetFile } from '../manifest-file.ts'
import type { Input } from '../manifest.ts'
import type { Path } from '../parse/path.ts'
import { characterKey } from './characters.ts'
import { fromFolder, normalizePath } from './paths.ts'
import { namesOf, type NamedStyle } from './styles.ts'

/** A file has an extension or starts with a dot or slash; the name of an asset does neither. */
const LOOKS_LIKE_FILE =
  /^\.{1,2}[/\\]|^[/\\]|\.(png|jpe?g|webp|avif|gif|tiff?|heic|heif|jxl|bmp|psd)$/i

type InputContext = {
  name: string
  key: string
  asset: AssetFile
  /** The styles of the asset, those that they extend first. */
  styles: readonly NamedStyle[]
  placeOf: (path: Path, part?: 'key' | 'value') => Place
  /** Returns the folder of the file that has a path, relative to the root. */
  folderAt: (path: Path) => string
}

/**
 * Returns the pictures that a model receives: the one to change, its mask or markup, then
 * references, those of the asset before its characters and those of its styles. No picture is sent
 * twice.
 */
export function resolveInputs(context: InputContext): Input[] {
  const own = ownInputs(context)
  if (context.asset.source !== undefined) return own
  const inputs = [...own]
  for (const input of [...characterInputs(context), ...styleInputs(context)]) {
    if (!inputs.some((other) => isSamePicture(input, other))) inputs.push(input)
  }
  return inputs
}

function isSamePicture(input: Input, other: Input): boolean {
  const isPicture = other.role !== 'mask' && other.role !== 'markup'
  return isPicture && other.kind === input.kind && other.target === input.target
}

function ownInputs({ key, asset, placeOf, folderAt }: InputContext): Input[] {
  const { edit, variation, references = [] } = asset
  const folder = folderAt(['assets', key])
  const input = (role: Input['role'], written: string, path: Path): Input => {
    const place = placeOf(['assets', key, ...path])
    return { role, ...targetOf(written, folder, role === 'mask' || role === 'markup'), place }
  }
  return [
    ...(edit === undefined ? [] : [input('image', edit.image, ['edit', 'image'])]),
    ...(edit?.mask === undefined ? [] : [input('mask', edit.mask, ['edit', 'mask'])]),
    ...(edit?.markup === undefined ? [] : [input('markup', edit.markup, ['edit', 'markup'])]),
    ...(variation === undefined ? [] : [input('image', variation.image, ['variation', 'image'])]),
    ...references.map((reference, index) => input('reference', reference, ['references', index])),
  ]
}

function characterInputs({ key, asset, placeOf }: InputContext): Input[] {
  const { character } = asset
  return namesOf(character).map((name, index) => {
    const path = ['assets', key, 'character', ...(typeof character === 'string' ? [] : [index])]
    const target = characterKey(name.normalize('NFC'))
    return { role: 'reference', kind: 'asset', target, place: placeOf(path), path }
  })
}

/** A picture that a style refers to does not receive the references of that style itself. */
function styleInputs({ name: asset, styles, placeOf, folderAt }: InputContext): Input[] {
  return styles.flatMap(({ name, references = [] }) => {
    const inputs = references.map((reference, index): Input => {
      const path = ['styles', name, 'references', index]
      const target = targetOf(reference, folderAt(path))
      return { role: 'reference', ...target, place: placeOf(path), path }
    })
    return inputs.some(({ kind, target }) => kind === 'asset' && target === asset) ? [] : inputs
  })
}

function targetOf(
  written: string,
  folder: string,
  isAlwaysFile = false,
): Pick<Input, 'kind' | 'target'> {
  return isAlwaysFile || LOOKS_LIKE_FILE.test(written)
    ? { kind: 'file', target: fromFolder(folder, normalizePath(written)) }
    : { kind: 'asset', target: written.normalize('NFC') }
}

/** Returns the prompt of a variation that has none of its own. */
export function variationPrompt(promptOfSource: string | undefined): string {
  if (promptOfSource !== undefined && /\p{Script=Han}/u.test(promptOfSource)) {
    return `同一幅画的另一个版本：主体和风格不变，构图不同。${promptOfSource}`
  }
  const same =
    'Another version of the same picture: the same subject and style, another composition.'
  return promptOfSource === undefined || promptOfSource === '' ? same : `${same} ${promptOfSource}`
}
