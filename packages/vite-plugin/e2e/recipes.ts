import { readFileSync } from 'node:fs'

const guide = readFileSync(new URL('../../../docs/vite.md', import.meta.url), 'utf8')

/**
 * The component that the guide has for a framework, as people copy it.
 *
 * @param name as its line in the guide begins: `React`, `Plain DOM`
 * @throws where the guide has none
 */
export function recipe(name: string): string {
  const [, code] =
    new RegExp(`^${name}\\b[^\\n]*:\\n\\n\`\`\`\\w+\\n(.*?)^\`\`\``, 'ms').exec(guide) ?? []
  if (code === undefined) throw new Error(`docs/vite.md has no recipe for ${name} any more.`)
  return code
}
