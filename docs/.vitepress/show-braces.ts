import type { MarkdownRenderer } from 'vitepress'

/** Shows `{{…}}` in code as it is: Limn's templates look like Vue's. */
export function showBraces(md: MarkdownRenderer): void {
  md.renderer.rules['code_inline'] = (tokens, index) =>
    `<code v-pre>${md.utils.escapeHtml(tokens[index]!.content)}</code>`
}
