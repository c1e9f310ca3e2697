import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { readFont } from './font.ts'
import type { Font } from './font.ts'

/** The file of an optional package with Chinese characters. */
const CHINESE = '@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-400-normal.woff'

/**
 * Returns the Chinese font of `@fontsource/noto-sans-sc` if that package is installed for a folder,
 * else null. Reads one file.
 */
export function findInstalledFont(folder: string): Font | null {
  try {
    return readFont(readFileSync(createRequire(join(folder, 'package.json')).resolve(CHINESE)))
  } catch {
    return null
  }
}
