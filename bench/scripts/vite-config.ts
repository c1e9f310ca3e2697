import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { InlineConfig, PluginOption } from 'vite'
import type { Contender } from '../site.ts'

/**
 * Vite's configuration of one contender's site; in every other respect they are the same. Only its
 * own plugin is loaded.
 */
export async function viteConfig(contender: Contender, root: string): Promise<InlineConfig> {
  const plugins: Record<Contender, () => Promise<PluginOption>> = {
    limn: async () => (await loadInstalled(root)).limn(),
    imagetools: async () => {
      const { imagetools } = await import('vite-imagetools')
      return imagetools({
        // It would lie in the folder that the process was started in.
        cache: { dir: `${root}/node_modules/.cache/imagetools` },
        // As Limn does, which makes finer edges and takes longer.
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
    build: { assetsInlineLimit: 0, outDir: 'dist', emptyOutDir: true },
    server: { port: 0, host: '127.0.0.1' },
  }
}

/** The plugin that the site has installed. */
async function loadInstalled(root: string): Promise<typeof import('@limn/vite-plugin')> {
  const path = createRequire(join(root, 'package.json')).resolve('@limn/vite-plugin')
  return (await import(pathToFileURL(path).href)) as typeof import('@limn/vite-plugin')
}
