import { fs } from './disk/node-builtins.ts'

/** The version of this package. */
export function limnVersion(): string {
  const { version } = JSON.parse(
    fs.readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { version: string }
  return version
}
