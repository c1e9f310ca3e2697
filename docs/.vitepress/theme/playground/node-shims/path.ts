/** The functions of `node:path` that the core uses for paths with `/`. */
export const posix = { dirname, join, normalize }

function normalize(path: string): string {
  const isAbsolute = path.startsWith('/')
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    const isBelow = parts.length > 0 && parts.at(-1) !== '..'
    if (part !== '..') parts.push(part)
    else if (isBelow) parts.pop()
    else if (!isAbsolute) parts.push(part)
  }
  const text = parts.join('/')
  const end = path.endsWith('/') && text !== '' ? '/' : ''
  if (isAbsolute) return `/${text}${end}`
  return text === '' ? (path.endsWith('/') ? './' : '.') : text + end
}

function join(...paths: string[]): string {
  return normalize(paths.filter((path) => path !== '').join('/'))
}

function dirname(path: string): string {
  const trimmed = path.replace(/\/+$/, '')
  const end = trimmed.lastIndexOf('/')
  if (end === -1) return trimmed === '' && path.startsWith('/') ? '/' : '.'
  return trimmed.slice(0, end).replace(/\/+$/, '') || '/'
}
