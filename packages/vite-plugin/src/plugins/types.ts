import type { Plugin } from 'vite'
import type { ContextRegistry } from '../context.ts'

/** Writes `limn.d.ts` in a build, so that a later type check knows every image. */
export function typesPlugin(contexts: ContextRegistry): Plugin {
  return {
    name: 'limn:types',
    apply: 'build',
    sharedDuringBuild: true,
    async buildEnd() {
      const context = contexts.own(this.environment.getTopLevelConfig())
      if (context === undefined) return
      const { writeTypes } = await import('../modules/write-types.ts')
      await writeTypes(context)
    },
  }
}
