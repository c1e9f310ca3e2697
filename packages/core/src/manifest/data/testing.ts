import { readIncluded, type ProjectFiles } from '../read-included.ts'
import { readWhole } from '../read-whole.ts'
import { readData } from './find-data.ts'

/** Reads `images.yaml` of some files in memory. A glob is a folder and an end: `posts/*.md`. */
export function readFiles(texts: Readonly<Record<string, string>>): ReturnType<typeof readWhole> {
  const has = (path: string): boolean => Object.hasOwn(texts, path)
  const files: ProjectFiles = {
    has,
    realPath: (path) => (has(path) ? path : undefined),
    glob: (pattern) => {
      const [folder = '', end = ''] = pattern.split('*')
      const found = Object.keys(texts).filter(
        (path) => path.startsWith(folder) && path.endsWith(end),
      )
      return Promise.resolve(found)
    },
    readText: (path) => texts[path]!,
  }
  const manifest = 'images.yaml'
  return readWhole(texts[manifest]!, undefined, {
    findIncluded: (entries) => readIncluded({ files, manifest, entries }),
    findData: (patterns) => readData({ files, manifest, patterns }),
    shownPath: manifest,
  })
}
