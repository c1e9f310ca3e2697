import type { Place } from '../../diagnostic.ts'
import type { AssetFile } from '../manifest-file.ts'
import type { Input } from '../manifest.ts'
import type { Path } from '../parse/path.ts'

/** A file has an extension or starts with a dot or slash; the name of an asset does neither. */
const LOOKS_LIKE_FILE =
  /^\.{1,2}[/\\]|^[/\\]|\.(png|jpe?g|webp|avif|gif|tiff?|heic|heif|jxl|bmp|psd)$/i

type InputContext = {
  key: string
  asset: AssetFile
  placeOf: (path: Path, part?: 'key' | 'value') => Place
  /** Returns a written path relative to the root, with `/`. */
  normalize: (path: string) => string
}

/**
 * Returns the pictures that a model receives: the one to change, its mask or markup, then
 * references.
 */
export function resolveInputs({ key, asset, placeOf, normalize }: InputContext): Input[] {
  const { edit, variation, references = [] } = asset
  const input = (role: Input['role'], written: string, path: Path): Input => {
    const isFile = role === 'mask' || role === 'markup' || LOOKS_LIKE_FILE.test(written)
    return {
      role,
      kind: isFile ? 'file' : 'asset',
      target: isFile ? normalize(written) : written.normalize('NFC'),
      place: placeOf(['assets', key, ...path]),
    }
  }
  return [
    ...(edit === undefined ? [] : [input('image', edit.image, ['edit', 'image'])]),
    ...(edit?.mask === undefined ? [] : [input('mask', edit.mask, ['edit', 'mask'])]),
    ...(edit?.markup === undefined ? [] : [input('markup', edit.markup, ['edit', 'markup'])]),
    ...(variation === undefined ? [] : [input('image', variation.image, ['variation', 'image'])]),
    ...references.map((reference, index) => input('reference', reference, ['references', index])),
  ]
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
