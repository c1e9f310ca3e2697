import { readFileSync } from 'node:fs'

const guide = readFileSync(new URL('../../../docs/vite.md', import.meta.url), 'utf8')

/**
 * Returns the component for a framework from docs/vite.md, as people copy it.
 *
 * @param name start of its line in the guide: `React`, `Plain DOM`
 * @throws Error if the guide has none
 */
export function recipe(name: string): string {
  const [, code] =
    new RegExp(`^${name}\\b[^\\n]*:\\n\\n\`\`\`\\w+\\n(.*?)^\`\`\``, 'ms').exec(guide) ?? []
  if (code === undefined) throw new Error(`docs/vite.md has no recipe for ${name}.`)
  return code
}
