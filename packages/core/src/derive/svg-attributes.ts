/**
 * Sets attributes of the root of a sanitized SVG, which may be empty (`<svg/>`), in place of those
 * that it has.
 */
export function withAttributes(svg: string, attributes: Readonly<Record<string, string>>): string {
  const names = Object.keys(attributes)
  if (names.length === 0) return svg
  return svg.replace(
    /<svg((?:"[^"]*"|'[^']*'|[^"'>])*?)(\/?)>/,
    (_, written: string, end: string) => {
      const kept = names.reduce(removeAttribute, written)
      const added = names.map((name) => ` ${name}="${attributes[name]}"`).join('')
      return `<svg${kept.trimEnd()}${added}${end}>`
    },
  )
}

function removeAttribute(written: string, name: string): string {
  return written.replace(new RegExp(String.raw`\s${name}\s*=\s*("[^"]*"|'[^']*')`), '')
}
