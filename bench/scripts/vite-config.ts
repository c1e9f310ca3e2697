import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as vitePlugin from '@limn/vite-plugin'
import type { InlineConfig, PluginOption } from 'vite'
import type { Contender } from '../site.ts'

/** Returns Vite's configuration for a contender's site. The sites differ only in their plugin. */
export async function viteConfig(contender: Contender, root: string): Promise<InlineConfig> {
  const plugins: Record<Contender, () => Promise<PluginOption>> = {
    limn: async () => (await loadInstalled(root)).limn(),
    imagetools: async () => {
      const { imagetools } = await import('vite-imagetools')
      return imagetools({
        // The default is in the process's working directory.
        cache: { dir: `${root}/node_modules/.cache/imagetools` },
        // Limn sets it too. It results in finer edges and takes longer.
        extendTransforms: (builtins) => [
          ...builtins,
          ({ format }) =>
            format === 'webp' ? (_, image) => image.webp({ smartSubsample: true }) : undefined,
        ],
      })
    },
    plain: async () => [],
  }
  return {
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [await plugins[contender]()],
    server: { port: 0, host: '127.0.0.1' },
  }
}

/** Loads the plugin that is installed in the site. */
async function loadInstalled(root: string): Promise<typeof vitePlugin> {
  const path = createRequire(join(root, 'package.json')).resolve('@limn/vite-plugin')
  return (await import(pathToFileURL(path).href)) as typeof vitePlugin
}
