import {
  builtInPresets,
  presetAliases,
  presetGroups,
  presetsAsOf,
  presetsSource,
} from '../manifest/presets.ts'
import { builtInStyles } from '../manifest/resolve/styles.ts'

/** The presets that outputs can name without defining them. */
export type BuiltInPresets = {
  presets: typeof builtInPresets
  /** Other names of presets. */
  aliases: typeof presetAliases
  /** Presets by the name of the group that stands for all of them. */
  groups: typeof presetGroups
  /** Day on which the sizes were checked, and where they come from. */
  asOf: string
  source: string
}

/** Lists the built-in presets. */
export function listPresets(): BuiltInPresets {
  return {
    presets: builtInPresets,
    aliases: presetAliases,
    groups: presetGroups,
    asOf: presetsAsOf,
    source: presetsSource,
  }
}

/** Lists the built-in styles by name. */
export function listStyles(): typeof builtInStyles {
  return builtInStyles
}

/** Returns the JSON Schema of the manifest. */
export async function createJsonSchema(): Promise<Record<string, unknown>> {
  const { createJsonSchema: create } = await import('../manifest/parse/schema.ts')
  return create()
}

/** Returns the JSON Schema of the request that the program of a provider reads. */
export async function commandRequestSchema(): Promise<Readonly<Record<string, unknown>>> {
  return (await import('../providers/command/request-schema.ts')).commandRequestSchema
}
