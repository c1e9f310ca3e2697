import { join } from 'node:path'
import { listInside } from '@limn/core/for-vite'
import { maxBytes, readTextInside } from '@limn/core/for-vite/start'
import type { ResolvedConfig } from 'vite'

/** A text file below `public`, which a build copies as it is. */
export type PublicText = { path: string; text: string }

/** Matches the files that are read. */
const TEXTS = /\.(?:html?|[cm]?js|css|json|webmanifest|svg|xml|txt|md)$/
/** Most files that are read. */
const MAX_FILES = 500

/** Returns the text files that a build copies and that contain `limn:`, at most 500 of them read. */
export function publicTexts({ publicDir, build }: ResolvedConfig): PublicText[] {
  if (publicDir === '' || !build.copyPublicDir) return []
  return textsBelow(publicDir, publicDir)
    .slice(0, MAX_FILES)
    .flatMap((path) => {
      const text = read(publicDir, path)
      return text?.includes('limn:') === true ? [{ path, text }] : []
    })
}

function textsBelow(root: string, folder: string): string[] {
  return list(root, folder).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return textsBelow(root, path)
    return entry.isFile() && TEXTS.test(entry.name) ? [path] : []
  })
}

function list(root: string, folder: string): ReturnType<typeof listInside> {
  try {
    return listInside(root, folder)
  } catch {
    return []
  }
}

/** Returns a file's text; `undefined` if it can't be read or is large. */
function read(root: string, path: string): string | undefined {
  try {
    return readTextInside(root, path, maxBytes.text)
  } catch {
    return undefined
  }
}
