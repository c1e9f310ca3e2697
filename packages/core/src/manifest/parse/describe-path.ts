import type { Path } from './path.ts'

const nounByGroup: Readonly<Record<string, string>> = {
  assets: 'the asset',
  styles: 'the style',
  characters: 'the character',
  atlases: 'the atlas',
  presets: 'the preset',
  profiles: 'the profile',
  providers: 'the provider',
}

/** Describes what a path leads to, for example `the asset "hero"` or `` `prompt` of "hero" ``. */
export function describePath(path: Path): string {
  const [group, item, ...rest] = path
  if (group === undefined) return 'the manifest'
  const key = path.findLast((step) => typeof step === 'string') ?? group
  const noun = nounByGroup[String(group)]
  if (noun === undefined) return path.length === 1 ? `\`${group}\`` : `\`${key}\` of ${group}`
  if (item === undefined) return `\`${group}\``
  return rest.length === 0 ? `${noun} "${item}"` : `\`${key}\` of "${item}"`
}

/** Whether a path leads to the `position` of an asset, an output or a preset. */
export function isPosition(path: Path): boolean {
  if (path.at(-1) !== 'position') return false
  return path.length === 3 ? path[0] === 'assets' || path[0] === 'presets' : isInOutputs(path)
}

/** Whether a path leads into a list of outputs. */
export function isInOutputs([group, second, third]: Path): boolean {
  return (
    (group === 'assets' && third === 'outputs') || (group === 'defaults' && second === 'outputs')
  )
}

/** Whether a path leads to the names of styles. */
export function isStyleNames([group, , key]: Path): boolean {
  return (group === 'assets' && key === 'style') || (group === 'styles' && key === 'extends')
}
