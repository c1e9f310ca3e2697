import { readText } from '../init/detect.ts'

/** What the config of Vite says about vite-imagetools. */
export type ImagetoolsConfig = {
  /** `defaultDirectives`. */
  defaults: URLSearchParams
  /** An option that changes what imports mean; nothing can be converted then. */
  obstacle: { option: string; file: string; line: number; column: number } | undefined
}

const CONFIGS = ['js', 'mjs', 'ts', 'cjs', 'mts', 'cts'].map((ending) => `vite.config.${ending}`)
const CUSTOM = ['extendTransforms', 'extendOutputFormats', 'resolveConfigs']

/** Reads the options of `imagetools()` in the config of Vite, as far as they are literals. */
export async function readImagetoolsConfig(root: string): Promise<ImagetoolsConfig> {
  const none: ImagetoolsConfig = { defaults: new URLSearchParams(), obstacle: undefined }
  const file = CONFIGS.find((name) => readText(root, name) !== undefined)
  if (file === undefined) return none
  const text = readText(root, file)!
  if (!['defaultDirectives', ...CUSTOM].some((option) => text.includes(option))) return none
  const { nameOfKey, nodesBelow, parseCode, unwrap } = await import('../init/code.ts')
  for (const node of nodesBelow(parseCode(text, file))) {
    const option = nameOfKey(node)
    if (option === undefined || !('loc' in node) || !node.loc) continue
    const { line, column } = node.loc.start
    const place = { option, file, line, column: column + 1 }
    if (CUSTOM.includes(option)) return { ...none, obstacle: place }
    if (option !== 'defaultDirectives') continue
    const value = node.type === 'ObjectProperty' ? unwrap(node.value) : undefined
    const [argument] = value?.type === 'NewExpression' ? value.arguments : []
    const literal = argument === undefined ? undefined : literalOf(unwrap(argument))
    if (literal === undefined) return { ...none, obstacle: place }
    return { defaults: new URLSearchParams(literal), obstacle: undefined }
  }
  return none

  function literalOf(node: ReturnType<typeof unwrap>): string | Record<string, string> | undefined {
    if (node.type === 'StringLiteral') return node.value
    if (node.type !== 'ObjectExpression') return undefined
    const entries = node.properties.map((property) => {
      const value = property.type === 'ObjectProperty' ? unwrap(property.value) : undefined
      const key = nameOfKey(property)
      const isLiteral = value?.type === 'StringLiteral' || value?.type === 'NumericLiteral'
      return key !== undefined && isLiteral ? ([key, String(value.value)] as const) : undefined
    })
    return entries.every((entry) => entry !== undefined) ? Object.fromEntries(entries) : undefined
  }
}
