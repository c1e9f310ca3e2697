/** A manifest to start from. */
export type Example = { title: string; text: string }

/** Returns the complete manifests of a page that need no other file, each with the heading above it. */
export function examplesIn(page: string): Example[] {
  return page.split(/^## /m).flatMap((section) => {
    const title = section.slice(0, section.indexOf('\n')).trim()
    const [, text] = /^```yaml\n(version:[\s\S]*?)^```$/m.exec(section) ?? []
    const isComplete = text !== undefined && /^assets:/m.test(text) && !/\.\/|\bfrom:/.test(text)
    return isComplete ? [{ title, text }] : []
  })
}
