import type { Plugin } from 'vite'
import type { ContextHandle } from '../context.ts'

/** Takes over Vite's resolved config. Reads nothing yet: a start must cost nothing. */
export function configPlugin(handle: ContextHandle): Plugin {
  return {
    name: 'limn:config',
    configResolved(config) {
      handle.setup(config)
    },
  }
}
