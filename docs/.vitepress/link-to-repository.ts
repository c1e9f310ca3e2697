import { dirname, join, relative } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'

const docs = join(import.meta.dirname, '..')

/**
 * Shows links that lead out of `docs/` as the path of the file in the repository. They work where
 * the repository shows the page, and the site has no such file.
 */
export function linkToRepository(md: MarkdownRenderer): void {
  md.core.ruler.push('link-to-repository', ({ tokens, env }) => {
    const { relativePath } = env as { relativePath?: string }
    if (relativePath === undefined) return
    const folder = dirname(join(docs, relativePath))
    for (const { children } of tokens) {
      for (const [index, token] of (children ?? []).entries()) {
        if (token.type !== 'link_open') continue
        const [path = ''] = (token.attrGet('href') ?? '').split('#')
        if (!path.startsWith('.')) continue
        const file = relative(join(docs, '..'), join(folder, path))
        if (file === 'docs' || file.startsWith('docs/')) continue
        const close = children!.findIndex(({ type }, at) => at > index && type === 'link_close')
        token.tag = children![close]!.tag = 'span'
        token.attrs = [['title', `${file} in the repository`]]
      }
    }
  })
}
