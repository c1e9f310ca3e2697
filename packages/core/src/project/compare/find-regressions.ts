import type { Output } from '../../manifest/manifest.ts'
import { formatBytes } from '../byte-text.ts'
import type { AssetPair } from './compare-asset.ts'
import type { ComparedAsset, Regression, RegressionCode } from './comparison.ts'
import type { Inspected } from './inspect-pictures.ts'

/** Growth of the files of an asset up to which it counts as unchanged. */
const GROWTH = { share: 1.1, bytes: 1000 }

/** Finds what is worse about an asset than before. @param inspected what its pictures showed */
export function findRegressions(
  compared: ComparedAsset,
  pair: AssetPair,
  inspected: Inspected | undefined,
): Regression[] {
  if (pair.before === undefined || pair.after === undefined) return []
  const found: [RegressionCode, string | undefined][] = [
    ['bytes', growth(pair)],
    ['alt', lostAlt(pair)],
    ['mark', lostMark(pair)],
    ['transparency', lostTransparency(pair, inspected)],
    ['animation', lostAnimation(compared)],
    ['size', lostPixels(compared, pair)],
  ]
  return found.flatMap(([code, message]) =>
    message === undefined ? [] : [{ asset: compared.name, code, message }],
  )
}

/** Compares the files that both sides have: another output is no regression. */
function growth({ before, after }: AssetPair): string | undefined {
  const oldByFile = new Map(Object.entries(before?.entry?.outputs ?? {}))
  let [was, is] = [0, 0]
  for (const [file, { bytes }] of Object.entries(after?.entry?.outputs ?? {})) {
    const old = oldByFile.get(file)
    if (old === undefined) continue
    was += old.bytes
    is += bytes
  }
  if (was === 0 || is <= was * GROWTH.share || is - was <= GROWTH.bytes) return undefined
  const percent = Math.round((is / was - 1) * 100)
  return `Its files grew from ${formatBytes(was)} to ${formatBytes(is)} (+${percent} %).`
}

function lostAlt({ before, after }: AssetPair): string | undefined {
  const [was, is] = [before?.asset, after?.asset]
  if (was === undefined || is === undefined || is.alt !== '' || is.isDecorative) return undefined
  return was.alt === '' ? undefined : `It has no alt text; it was "${was.alt}".`
}

function lostMark({ before, after }: AssetPair): string | undefined {
  const isMarked = (outputs: readonly Output[]): boolean =>
    outputs.some(({ provenance }) => provenance)
  const [was, is] = [before?.asset, after?.asset]
  if (was === undefined || is === undefined || is.source !== null) return undefined
  return isMarked(was.outputs) && is.outputs.length > 0 && !isMarked(is.outputs)
    ? 'Its files no longer carry the mark of AI-generated media.'
    : undefined
}

function lostTransparency(
  { before, after }: AssetPair,
  inspected: Inspected | undefined,
): string | undefined {
  if (inspected?.wasTransparent !== true) return undefined
  if (inspected.isTransparent === false) return 'The picture is no longer transparent.'
  const wasOpenByFile = new Map(
    before?.asset?.outputs.map(({ file, background }) => [file, background === null]),
  )
  const filled = after?.asset?.outputs.find(
    ({ file, background }) => background !== null && wasOpenByFile.get(file) === true,
  )
  return filled === undefined ? undefined : `${filled.file} is no longer transparent.`
}

/** Whether an output that was transparent is filled now, so that the picture has to be inspected. */
export function fillsOutputs({ before, after }: AssetPair): boolean {
  const inspected = { wasTransparent: true, isTransparent: true }
  return lostTransparency({ before, after }, inspected) !== undefined
}

function lostAnimation({ before, after }: ComparedAsset): string | undefined {
  return before !== null && after !== null && before.frames > 1 && after.frames === 1
    ? `The picture had ${before.frames} frames, and is a still one now.`
    : undefined
}

function lostPixels({ before, after }: ComparedAsset, pair: AssetPair): string | undefined {
  if (before !== null && after !== null && areaOf(after) < areaOf(before)) {
    return `The picture is ${sizeOf(after)} px; it was ${sizeOf(before)} px.`
  }
  const oldByFile = new Map(Object.entries(pair.before?.entry?.outputs ?? {}))
  const outputs = Object.entries(pair.after?.entry?.outputs ?? {})
  for (const [file, output] of outputs) {
    const old = oldByFile.get(file)
    if (old === undefined || areaOf(output) >= areaOf(old)) continue
    return `${file} is ${sizeOf(output)} px; it was ${sizeOf(old)} px.`
  }
  return undefined
}

type Size = { width: number; height: number }

function areaOf({ width, height }: Size): number {
  return width * height
}

function sizeOf({ width, height }: Size): string {
  return `${width}x${height}`
}
