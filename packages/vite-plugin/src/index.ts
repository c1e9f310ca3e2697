import type { Plugin } from 'vite'
import { createContext } from './context.ts'
import { createDevWorks } from './dev/generator-per-server.ts'
import type { LimnOptions } from './options.ts'
import { buildPlugin } from './plugins/build.ts'
import { configPlugin } from './plugins/config.ts'
import { cssPlugin } from './plugins/css.ts'
import { devServerPlugin } from './plugins/dev-server.ts'
import { hotUpdatePlugin } from './plugins/hot-update.ts'
import { htmlPlugin } from './plugins/html.ts'
import { modulesPlugin } from './plugins/modules.ts'
import { typesPlugin } from './plugins/types.ts'

export type { Picture } from './references/picture.ts'
export type { LimnOptions } from './options.ts'

/** Limn for Vite: `import hero from 'virtual:limn/hero'` gives a picture. One concern a plugin. */
export function limn(options: LimnOptions = {}): Plugin[] {
  const handle = createContext(options)
  const workOf = createDevWorks()
  return [
    configPlugin(handle),
    modulesPlugin(handle),
    cssPlugin(handle),
    htmlPlugin(handle),
    devServerPlugin(handle, workOf),
    hotUpdatePlugin(handle, workOf),
    buildPlugin(handle),
    typesPlugin(handle),
  ]
}

export default limn
