import { createContextRegistry } from './context-registry.ts'
import { createGeneratorPerServer } from './dev/generator-per-server.ts'
import type { LimnOptions } from './options.ts'
import { buildPlugin } from './plugins/build.ts'
import { configPlugin } from './plugins/config.ts'
import { contactSheetPlugin } from './plugins/contact-sheet.ts'
import { cssPlugin } from './plugins/css.ts'
import { devServerPlugin } from './plugins/dev-server.ts'
import { hotUpdatePlugin } from './plugins/hot-update.ts'
import { htmlPlugin } from './plugins/html.ts'
import { modulesPlugin } from './plugins/modules.ts'
import { typesPlugin } from './plugins/types.ts'

export type { Picture } from '@limn/core/for-vite'
export type { LimnOptions } from './options.ts'

/**
 * A plugin, as Vite's type `PluginOption` accepts it. Without the types of its hooks, which differ
 * between versions of Vite: an app may have another one than the package was compiled with.
 */
export type LimnPlugin = { name: string }

/**
 * Adds Limn to Vite: `import hero from 'virtual:limn/hero'` resolves to a `Picture`. Returns one
 * plugin per concern.
 */
export function limn(options: LimnOptions = {}): LimnPlugin[] {
  const contexts = createContextRegistry(options)
  const generatorOf = createGeneratorPerServer()
  return [
    configPlugin(contexts),
    modulesPlugin(contexts),
    cssPlugin(contexts),
    htmlPlugin(contexts),
    contactSheetPlugin(contexts),
    devServerPlugin(contexts, generatorOf),
    hotUpdatePlugin(contexts, generatorOf),
    buildPlugin(contexts),
    typesPlugin(contexts),
  ]
}

export default limn
