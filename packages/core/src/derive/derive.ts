import type { Output } from '../manifest/manifest.ts'
import { findRegion, type Region } from './crop.ts'
import type { Pixels } from './decode.ts'
import { encode } from './encode.ts'
import { markAsAiMade } from './provenance.ts'
import { resize } from './resize.ts'

/** One finished file. */
export type Derived = { bytes: Buffer; width: number; height: number }

/** Cuts outputs from one master; the part to crop is looked for once a shape. */
export type Cutter = (output: Output) => Promise<Derived>

/** Makes a master ready to be cut. The master's pixels are shared, never changed. */
export function createCutter(master: Pixels): Cutter {
  const regionByShape = new Map<string, Promise<Region>>()
  return async (output) => {
    const region = output.fit === 'cover' ? await regionOf(output) : undefined
    const resized = resize(master, output, region)
    const encoded = encode(resized, output)
    const { data, info } = await (output.provenance ? markAsAiMade(encoded) : encoded).toBuffer({ resolveWithObject: true })
    return { bytes: data, width: info.width, height: info.height }
  }

  function regionOf(output: Output): Promise<Region> {
    const key = `${output.width / output.height} ${output.position}`
    const known = regionByShape.get(key)
    if (known !== undefined) return known
    const region = findRegion(master, output)
    regionByShape.set(key, region)
    return region
  }
}
