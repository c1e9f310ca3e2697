import { limn } from '@limn/vite-plugin'
import type { InlineConfig, PluginOption } from 'vite'
import { imagetools } from 'vite-imagetools'
import type { Contender } from '../site.ts'

/** Vite's configuration of one contender's site; in every other respect they are the same. */
export function viteConfig(contender: Contender, root: string): InlineConfig {
  const plugins: Record<Contender, () => PluginOption> = {
    limn: () => limn({ dts: false }),
    // Its cache would lie in the folder that the process was started in.
    imagetools: () => imagetools({ cache: { dir: `${root}/node_modules/.cache/imagetools` } }),
    plain: () => [],
  }
  return { root, configFile: false, logLevel: 'error', plugins: [plugins[contender]()], build: { assetsInlineLimit: 0, outDir: 'dist', emptyOutDir: true }, server: { port: 0, host: '127.0.0.1' } }
}
