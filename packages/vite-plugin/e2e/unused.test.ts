import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import legacy from '@vitejs/plugin-legacy'
import { createLogger, type InlineConfig, type PluginOption } from 'vite'
import { describe, expect, it } from 'vitest'
import { limn } from '../src/index.ts'
import { everyVite, generatedSite, manifest, type Site } from './site.ts'

/** An app that uses no picture of Limn. */
type App = {
  title: string
  files: Record<string, string>
  config?: InlineConfig
  /** The inputs of the build, if they are not `index.html`. */
  input?: string[]
  /** Builds every environment, as `vite build --app` does. */
  isApp?: boolean
}

const html = (body: string, head = ''): string =>
  `<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>app</title>${head}</head>\n<body>${body}</body>\n</html>\n`
const entry = '<div id="app"></div><script type="module" src="/main.js"></script>'
const main = "document.querySelector('#app').textContent = 'ready'\n"
/** A GIF of one pixel. */
const gif = 'GIF89a\u0001\u0000\u0001\u0000\u0000\u0000\u0000;'
/** The smallest WebAssembly module, as JavaScript that returns its bytes. */
const wasm = '\u0000asm\u0001\u0000\u0000\u0000'

const apps: readonly App[] = [
  { title: 'a page', files: { 'index.html': html(entry), 'main.js': main } },
  {
    title: 'styles of several chunks',
    files: {
      'index.html': html(entry),
      'main.js': "import './a.css'\nimport('./b.js')\n",
      'b.js': "import './b.css'\nexport const b = 1\n",
      'a.css': 'a { background: url(./dot.gif) }\n',
      'b.css': '@import "./a.css";\nb { --limn: "limn: not a picture"; color: red }\n',
      'dot.gif': gif,
    },
    config: { build: { cssCodeSplit: true, assetsInlineLimit: 0 } },
  },
  {
    title: 'one style for all chunks',
    files: {
      'index.html': html(entry),
      'main.js': "import './a.css'\nimport('./b.js')\n",
      'b.js': "import './b.css'\nexport const b = 1\n",
      'a.css': 'a { color: blue }\n',
      'b.css': 'b { color: red }\n',
    },
    config: { build: { cssCodeSplit: false } },
  },
  {
    title: 'a library',
    files: {
      'lib.js':
        "import './lib.css'\nimport dot from './dot.gif'\nexport const draw = () => dot\nexport default 'limn'\n",
      'package.json': '{ "name": "lib" }',
      'lib.css': '.lib { color: red }\n',
      'dot.gif': gif,
    },
    config: { build: { lib: { entry: 'lib.js', name: 'Lib', formats: ['es', 'cjs', 'umd'] } } },
  },
  {
    title: 'several pages',
    files: {
      'index.html': html(entry),
      'about/index.html': html(`${entry}<img src="/dot.gif">`),
      'main.js': main,
      'dot.gif': gif,
    },
    input: ['index.html', 'about/index.html'],
  },
  {
    title: 'a content security policy',
    files: {
      'index.html': html(entry, '<style>p { color: red }</style>'),
      'main.js': "import './a.css'\nimport('./b.js')\n",
      'a.css': 'a { color: red }\n',
      'b.js': 'export const b = 1\n',
    },
    config: { html: { cspNonce: 'NONCE' } },
  },
  {
    title: 'web workers',
    files: {
      'index.html': html(entry),
      'main.js':
        "import Inline from './inline.js?worker&inline'\nnew Worker(new URL('./worker.js', import.meta.url), { type: 'module' })\nnew Inline()\n",
      'worker.js': "import { shared } from './shared.js'\npostMessage(shared)\n",
      'inline.js': "import { shared } from './shared.js'\npostMessage(shared + 1)\n",
      'shared.js': 'export const shared = 1\n',
    },
    config: { worker: { format: 'es' } },
  },
  {
    title: 'a server build',
    files: {
      'server.js': "import { join } from 'node:path'\nexport const path = join('a', 'b')\n",
    },
    config: { build: { ssr: 'server.js' } },
  },
  {
    title: 'WebAssembly',
    files: {
      'index.html': html(entry),
      'main.js':
        "import init from './empty.wasm?init'\nimport url from './empty.wasm?url'\nvoid init()\nconsole.log(url)\n",
      'empty.wasm': wasm,
    },
    config: { build: { assetsInlineLimit: 0, target: 'esnext' } },
  },
  {
    title: 'inlined assets',
    files: {
      'index.html': html(`${entry}<img src="./dot.gif" srcset="./dot.gif 1x, ./dot.gif 2x">`),
      'main.js':
        "import dot from './dot.gif'\nimport raw from './a.txt?raw'\nconsole.log(dot, raw)\n",
      'dot.gif': gif,
      'a.txt': 'limn: a verb',
    },
    config: { build: { assetsInlineLimit: 100_000 } },
  },
  {
    title: 'public files',
    files: {
      'index.html': html(`${entry}<img src="/dot.gif">`, '<link rel="icon" href="/dot.gif">'),
      'main.js': main,
      'public/dot.gif': gif,
      'public/robots.txt': 'User-agent: *\n',
    },
  },
  {
    title: 'a base path',
    files: {
      'index.html': html(`${entry}<img src="./dot.gif">`),
      'main.js': "import './a.css'\n",
      'a.css': 'a { background: url(./dot.gif) }\n',
      'dot.gif': gif,
    },
    config: { base: '/docs/', build: { assetsInlineLimit: 0 } },
  },
  {
    title: 'a relative base',
    files: {
      'index.html': html(`${entry}<img src="./dot.gif">`),
      'main.js': "import './a.css'\nimport('./b.js')\n",
      'a.css': 'a { background: url(./dot.gif) }\n',
      'b.js': "import dot from './dot.gif'\nexport { dot }\n",
      'dot.gif': gif,
    },
    config: { base: './', build: { assetsInlineLimit: 0 } },
  },
  {
    title: 'URLs of a CDN',
    files: {
      'index.html': html(`${entry}<img src="./dot.gif">`),
      'main.js': "import dot from './dot.gif'\nconsole.log(dot)\n",
      'dot.gif': gif,
    },
    config: {
      build: { assetsInlineLimit: 0 },
      experimental: { renderBuiltUrl: (file) => `https://cdn.example/${file}` },
    },
  },
  {
    title: 'manifests of the build',
    files: {
      'index.html': html(entry),
      'main.js': "import './a.css'\nimport('./b.js')\n",
      'a.css': 'a { color: red }\n',
      'b.js': 'export const b = 1\n',
    },
    config: { build: { manifest: true, ssrManifest: true, license: true } },
  },
  {
    title: 'CSS modules',
    files: {
      'index.html': html(entry),
      'main.js': "import styles, { title } from './a.module.css'\nconsole.log(styles, title)\n",
      'a.module.css': '.base { margin: 0 }\n.title { composes: base; color: red }\n',
    },
  },
  {
    title: 'JSON, globs, environment variables and dynamic imports',
    files: {
      'index.html': html(`${entry}<p>%VITE_WORD%</p>`),
      'main.js':
        "import data, { name } from './data.json'\nconst pages = import.meta.glob('./pages/*.js')\nconst texts = import.meta.glob('./pages/*.md', { query: '?raw', eager: true })\nconst load = (page) => import(`./pages/${page}.js`)\nconsole.log(data, name, pages, texts, load, import.meta.env)\n",
      'data.json': '{ "name": "limn", "verb": "limn: to draw", "list": [1, 2] }\n',
      'pages/a.js': 'export const a = 1\n',
      'pages/b.js': 'export const b = 2\n',
      'pages/c.md': '# limn: a verb\n',
      '.env': 'VITE_WORD=word\n',
    },
  },
  {
    title: 'source maps',
    files: {
      'index.html': html(entry),
      'main.js': "import './a.css'\nimport { b } from './b.ts'\nconsole.log(b)\n",
      'a.css': 'a { color: red }\n',
      'b.ts': 'export const b: number = 1\n',
    },
    config: { build: { sourcemap: true } },
  },
  {
    title: 'code without minification and polyfill',
    files: { 'index.html': html(entry), 'main.js': "import('./b.js')\n", 'b.js': 'export {}\n' },
    config: { build: { minify: false, modulePreload: false } },
  },
  {
    title: 'inline scripts, styles and comments',
    files: {
      'index.html': html(
        `<!-- limn: a comment --><p>limn:hero is how you refer to a picture</p>
<script>window.limn = 'limn: a verb'</script><script type="module">import './main.js'\nconsole.log(1)</script>
<div style="background: url(./dot.gif)" onclick="x()" title="&quot;&amp;"></div>`,
        '<style>p { background: url("./dot.gif") }</style><script type="application/ld+json">{ "@context": "https://schema.org" }</script>',
      ),
      'main.js': 'console.log(2)\n',
      'dot.gif': gif,
    },
  },
  {
    title: 'a page that no validator would accept',
    files: {
      'index.html': `\uFEFF<HTML><script type=module src=/main.js></script><Img SRC=./dot.gif ALT='a>b'><p>caf\u00E9 &eacute;\r\n<b><i>x</b></i><template><img></template>`,
      'main.js': "console.log('\\u2028 limn')\n",
      'dot.gif': gif,
    },
  },
  {
    title: 'client and server environments',
    isApp: true,
    files: {
      'index.html': html(entry),
      'main.js': "import dot from './dot.gif'\nconsole.log(dot)\n",
      'server.js': "import dot from './dot.gif'\nexport const url = dot\n",
      'dot.gif': gif,
    },
    config: { build: { assetsInlineLimit: 0 }, environments: { client: {}, ssr: {} }, builder: {} },
  },
]

/** Builds an app, and returns the digest of each file by its path. */
async function digests(
  site: Site,
  { config, input, isApp = false }: App,
  { plugins, vite }: { plugins: PluginOption[]; vite: (typeof everyVite)[number][1] },
): Promise<Record<string, string>> {
  const { build, environments, ...rest } = config ?? {}
  const options: InlineConfig = {
    root: site.root,
    configFile: false,
    logLevel: 'silent',
    plugins,
    ...rest,
    build: {
      ...build,
      outDir: 'dist',
      emptyOutDir: true,
      ...(input === undefined
        ? {}
        : { rollupOptions: { input: input.map((path) => join(site.root, path)) } }),
    },
    ...(environments === undefined
      ? {}
      : {
          environments: {
            client: { build: { outDir: 'dist/client' } },
            ssr: {
              build: { rollupOptions: { input: join(site.root, 'server.js') }, outDir: 'dist/ssr' },
            },
          },
        }),
  }
  if (isApp) await (await vite.createBuilder(options)).buildApp()
  else await vite.build(options)
  return Object.fromEntries(
    site.list('dist').map((path) => [
      path,
      createHash('sha256')
        .update(readFileSync(join(site.root, 'dist', path)))
        .digest('hex'),
    ]),
  )
}

describe.each(everyVite)('limn() in an app of Vite %s that uses no picture', (_, vite) => {
  it.each(apps)('changes no byte of the build: $title', async (app) => {
    const site = await generatedSite({ files: app.files })
    const without = await digests(site, app, { vite, plugins: [] })
    expect(Object.keys(without)).not.toEqual([])
    const warnings: string[] = []
    const logger = createLogger('silent')
    logger.warn = (text) => void (text.includes('limn') && warnings.push(text))
    const silent: App = { ...app, config: { ...app.config, customLogger: logger } }
    expect(await digests(site, silent, { vite, plugins: [limn()] })).toEqual(without)
    expect(warnings).toEqual([expect.stringMatching(/There is no images\.yaml in/)])
    site.write('images.yaml', manifest)
    warnings.length = 0
    expect(await digests(site, silent, { vite, plugins: [limn()] })).toEqual(without)
    expect(warnings).toEqual([])
  })

  it('changes no byte of a build for old browsers', async () => {
    if (vite.version.startsWith('7')) return
    const app = apps[1]!
    const site = await generatedSite({ files: app.files })
    const plugins = (): PluginOption[] => [legacy({ targets: ['defaults', 'ie 11'] })]
    const without = await digests(site, app, { vite, plugins: plugins() })
    expect(Object.keys(without).join()).toContain('legacy')
    const withLimn = [...plugins(), limn({ build: { stale: 'error' } })]
    expect(await digests(site, app, { vite, plugins: withLimn })).toEqual(without)
  })
})
