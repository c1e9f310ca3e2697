import type { Size } from '../../models/size.ts'
import type { OutputFile } from '../manifest-file.ts'
import { type Preset, presetsOfName } from '../presets.ts'
import type { ExpandedAsset } from './expand-matrix.ts'
import { shapeOfEntry } from './outputs.ts'

/** Shapes that need a picture each: cropping one to another loses too much. */
type Shape = 'landscape' | 'square' | 'portrait'

/** Largest ratio of the sides of a square. */
const SQUARE = 1.2

/**
 * Splits an asset with `shapes: separate` into one picture for each shape among its outputs, for
 * example `social/portrait`. With `adapt: extend` the first is generated, and the others are edits
 * of it, so that all show the same scene.
 */
export function splitShapes(
  source: ExpandedAsset,
  outputs: readonly OutputFile[],
  presets: Readonly<Record<string, Preset>>,
): ExpandedAsset[] {
  const { name, asset } = source
  if (asset.shapes !== 'separate') return [source]
  const entriesByShape = new Map<Shape, OutputFile[]>()
  const entries = outputs.flatMap((entry): OutputFile[] =>
    typeof entry === 'string' ? [...presetsOfName(entry, presets)] : [entry],
  )
  for (const entry of entries) {
    const size = shapeOfEntry(entry, presets)
    // An output that keeps the picture's own shape goes with the first.
    const shape =
      size === undefined ? ([...entriesByShape.keys()][0] ?? 'landscape') : shapeOf(size)
    entriesByShape.set(shape, [...(entriesByShape.get(shape) ?? []), entry])
  }
  if (entriesByShape.size < 2) return [source]
  const [first] = entriesByShape.keys()
  return [...entriesByShape].map(([shape, own]) => {
    const part = {
      ...source,
      name: `${name}/${shape}`,
      family: name,
      asset: { ...asset, outputs: own },
    }
    if (asset.adapt !== 'extend' || shape === first) return part
    const { references: _, variation: __, ...rest } = part.asset
    return {
      ...part,
      asset: {
        ...rest,
        edit: { image: `${name}/${first}` },
        prompt: extendPrompt(shape, asset.prompt ?? ''),
      },
    }
  })
}

function shapeOf({ width, height }: Size): Shape {
  const ratio = width / height
  if (ratio > SQUARE) return 'landscape'
  return ratio < 1 / SQUARE ? 'portrait' : 'square'
}

/** Returns the prompt that extends a picture to another shape of the same scene. */
function extendPrompt(shape: Shape, prompt: string): string {
  if (/\p{Script=Han}/u.test(prompt)) {
    const format = { landscape: '横幅', square: '方形', portrait: '竖幅' }[shape]
    return `把这幅画面扩展为${format}构图，保持同一场景、主体和风格，自然补全边缘。${prompt}`
  }
  return `Extend this picture to a ${shape} format: the same scene, subject and style, its edges continued naturally. ${prompt}`
}
