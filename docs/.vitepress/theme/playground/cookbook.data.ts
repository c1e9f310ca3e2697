import { readFileSync } from 'node:fs'
import { type Example, examplesIn } from './examples-in.ts'

declare const data: Example[]
export { data }

/** Reads the manifests of the cookbook when the site is built. */
export default {
  watch: ['../../../cookbook.md'],
  load: ([file]: string[]): Example[] => examplesIn(readFileSync(file!, 'utf8')),
}
