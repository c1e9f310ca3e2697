/** What the names of data files end with. */
export const dataExtensions = [
  'csv',
  'tsv',
  'json',
  'yaml',
  'yml',
  'md',
  'mdx',
  'markdown',
] as const

/** Returns the extension of a path in lower case, without its dot. */
export function extensionOf(path: string): string {
  return /\.([^./]*)$/.exec(path)?.[1]?.toLowerCase() ?? ''
}

export function isDataFile(path: string): boolean {
  return (dataExtensions as readonly string[]).includes(extensionOf(path))
}

/** Returns whether a file is Markdown, whose front matter is its row. */
export function isMarkdown(path: string): boolean {
  return ['md', 'mdx', 'markdown'].includes(extensionOf(path))
}
