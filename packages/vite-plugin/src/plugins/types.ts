import type { Plugin } from 'vite'
import type { ContextHandle } from '../context.ts'

/** Writes `limn.d.ts` in a build, so that a type check after it knows every picture. */
export function typesPlugin(handle: ContextHandle): Plugin {
  return {
    name: 'limn:types',
    apply: 'build',
    sharedDuringBuild: true,
    async buildEnd() {
      const { writeTypes } = await import('../modules/write-types.ts')
      await writeTypes(handle.get(this.environment.getTopLevelConfig()))
    },
  }
}
