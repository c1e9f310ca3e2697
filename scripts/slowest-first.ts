import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const root = join(import.meta.dirname, '..')

/** Returns the test files that CONTRIBUTING.md lists as slow, absolute, the slowest first. */
export function slowFiles(): string[] {
  const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
  return [...text.matchAll(/^\| `(\S+\.test\.ts)` \| \d+ \|/gm)].map(([, path]) =>
    join(root, path!),
  )
}

/** Starts the slowest test files first: one that starts last would run while a core idles. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const slow = slowFiles()
    const place = ({ moduleId }: TestSpecification): number => {
      const index = slow.indexOf(moduleId)
      return index === -1 ? slow.length : index
    }
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b))
  }
}
