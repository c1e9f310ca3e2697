import { join } from 'node:path'
import { createLogger, type InlineConfig, type Logger, type PluginOption } from 'vite'
import { describe, expect, it } from 'vitest'
import { limn } from '../src/index.ts'
import { everyVite, generatedSite, manifest, type Site, testSite } from './site.ts'

type Vite = (typeof everyVite)[number][1]

const files = {
  'images.yaml': manifest,
  'index.html':
    '<!doctype html><html lang="en"><head><title>site</title></head><body><img src="limn:hero"><script type="module" src="/main.js"></script></body></html>',
  'main.js':
    "import og from 'virtual:limn/hero@og?no-inline'\nimport './a.css'\nglobalThis.og = og\n",
  'server.js': "import og from 'virtual:limn/hero@og?no-inline'\nexport const url = og\n",
  'a.css': '.a { background: url("~limn/product/mug@square.webp") }\n',
}

/** A config that builds a client and a server. */
const environments = (site: Site): InlineConfig => ({
  builder: {},
  environments: {
    client: { build: { outDir: 'dist/client' } },
    ssr: { build: { outDir: 'dist/ssr', rollupOptions: { input: join(site.root, 'server.js') } } },
  },
})

/** The URLs that a build of a client and a server, or of a client alone, should contain. */
const expected = [
  /hero-og-[\w-]{8}\.jpg/,
  /hero-hero-640-[\w-]{8}\.webp/,
  /mug-square-[\w-]{8}\.webp/,
]

/** Checks that the text files of a build contain URLs of files that exist, and no references. */
function expectPictures(site: Site, folder = 'dist'): void {
  const paths = site.list(folder)
  const texts = paths
    .filter((path) => /\.(?:m?js|css|html)$/.test(path))
    .map((path) => site.read(`${folder}/${path}`))
    .join('\n')
  expect(texts).not.toMatch(/limn[:/]|__LIMN_|virtual:/)
  for (const url of expected) {
    const [name] = url.exec(texts) ?? []
    expect(name, String(url)).toBeDefined()
    expect(
      paths.some((path) => path.endsWith(name!)),
      name,
    ).toBe(true)
  }
}

/** Writes a config file for a site. */
function writeConfig(site: Site, config: string): void {
  const plugin = JSON.stringify(join(import.meta.dirname, '../src/index.ts'))
  site.write('vite.config.mjs', `import limn from ${plugin}\nexport default ${config}\n`)
}

async function buildApp(vite: Vite, config: InlineConfig): Promise<void> {
  const builder = await vite.createBuilder({ logLevel: 'silent', ...config }, null)
  await builder.buildApp()
}

/** Collects what Vite warns of. */
function collector(warnings: string[]): Logger {
  const logger = createLogger('silent')
  logger.warn = (text) => void warnings.push(text)
  return logger
}

describe.each(everyVite)('limn() in Vite %s', (_, vite) => {
  const base = (site: Site, plugins: PluginOption[]): InlineConfig => ({
    root: site.root,
    configFile: false,
    logLevel: 'silent',
    plugins,
    build: { assetsInlineLimit: 0 },
  })

  it('builds client and server from a config file, as `vite build --app` does', async () => {
    const site = await generatedSite({ files })
    writeConfig(
      site,
      `{ plugins: [limn()], build: { assetsInlineLimit: 0 }, ...${JSON.stringify(environments(site))} }`,
    )
    await buildApp(vite, { root: site.root })
    expectPictures(site)
    expect(
      site.read(`dist/ssr/${site.list('dist/ssr').find((path) => /server\.m?js$/.test(path))}`),
    ).toMatch(/hero-og-[\w-]{8}\.jpg/)
  })

  it.each([
    ['separate configs', {}],
    ['one config', { sharedConfigBuild: true }],
    ['shared plugins', { sharedPlugins: true }],
  ])('builds environments from an inline config: %s', async (_name, builder) => {
    const site = await generatedSite({ files })
    await buildApp(vite, { ...base(site, [limn()]), ...environments(site), builder })
    expectPictures(site)
  })

  it.each([
    ['twice in one config', (): PluginOption[] => [limn(), limn()]],
    ['as one array twice', (plugins = limn()): PluginOption[] => [plugins, plugins]],
  ])('works %s', async (_name, plugins) => {
    const site = await generatedSite({ files })
    await vite.build(base(site, plugins()))
    expectPictures(site)
  })

  it('works as one array in two configs, one after the other and at the same time', async () => {
    const plugins = limn()
    const one = await generatedSite({ files })
    const other = await generatedSite({ files })
    await vite.resolveConfig(base(other, [plugins]), 'serve')
    await vite.build(base(one, [plugins]))
    expectPictures(one)
    await Promise.all([vite.build(base(one, [plugins])), vite.build(base(other, [plugins]))])
    expectPictures(one)
    expectPictures(other)
  })

  it('works in merged configs', async () => {
    const site = await generatedSite({ files })
    const merged = vite.mergeConfig(base(site, [limn()]), { base: '/x/', plugins: [limn()] })
    await vite.build(merged as InlineConfig)
    expectPictures(site)
    expect(site.read('dist/index.html')).toContain('"/x/assets/hero-hero-640')
  })

  it('works in web workers', async () => {
    const site = await generatedSite({
      files: {
        ...files,
        'main.js':
          "import './a.css'\nnew Worker(new URL('./worker.js', import.meta.url), { type: 'module' })\n",
        'worker.js': "import og from 'virtual:limn/hero@og?no-inline'\npostMessage(og)\n",
      },
    })
    await vite.build({ ...base(site, [limn()]), worker: { format: 'es', plugins: () => [limn()] } })
    expectPictures(site)
  })

  it('warns once without a manifest, and builds what requests no picture', async () => {
    const warnings: string[] = []
    const site = testSite({
      files: {
        ...files,
        'index.html':
          '<!doctype html><p>limn:hero</p><script type="module" src="/main.js"></script>',
        'main.js': 'console.log(1)\n',
        'server.js': 'export const one = 1\n',
      },
    })
    site.write('images.yaml.off', '')
    const config = { ...base(site, [limn({ manifest: 'none.yaml' })]), ...environments(site) }
    await buildApp(vite, { ...config, customLogger: collector(warnings) })
    expect(site.list('dist')).toContain('client/index.html')
    const ours = warnings.filter((text) => text.includes('[limn]'))
    expect(ours).toHaveLength(1)
    expect(ours[0]).toMatch(/There is no none\.yaml in .*plugin does nothing.*`limn init`/)
  })

  it.each([
    ['a module', { 'main.js': "import 'virtual:limn/hero?url'\n" }, /main\.js/, 1],
    ['a page', { 'index.html': '<!doctype html>\n<img src="limn:hero">' }, /index\.html/, 2],
    ['a style', { 'main.js': "import './a.css'\n" }, /a\.css/, 1],
  ])('names %s that requests a picture without a manifest', async (_name, extra, file, line) => {
    const page = '<!doctype html><script type="module" src="/main.js"></script>'
    const site = testSite({ files: { ...files, 'index.html': page, ...extra } })
    const failure = await vite.build(base(site, [limn({ manifest: 'none.yaml' })])).then(
      () => undefined,
      (error: Error & { id?: string; loc?: { file: string; line: number } }) => error,
    )
    expect(failure?.message).toMatch(/There is no none\.yaml in/)
    const place = JSON.stringify([failure?.id, failure?.loc, failure?.message])
    expect(place).toMatch(file)
    expect(failure?.loc?.line ?? Number(/:(\d+):\d+/.exec(place)?.[1])).toBe(line)
  })

  it('serves pictures in dev after a restart, and once if it is twice in the config', async () => {
    const site = await generatedSite({ files })
    writeConfig(site, '{ plugins: [limn(), limn()] }')
    const server = await vite.createServer({
      root: site.root,
      logLevel: 'silent',
      server: { port: 0, host: '127.0.0.1', ...({ fs: { strict: 'extended' } } as object) },
    })
    try {
      await server.listen()
      for (const round of ['first', 'restarted']) {
        if (round === 'restarted') await server.restart()
        const get = async (path: string): Promise<string> => {
          const response = await fetch(new URL(path, server.resolvedUrls!.local[0]))
          expect(response.status, `${round}: ${path}`).toBe(200)
          return response.text()
        }
        const html = await get('/')
        const scripts = [...html.matchAll(/import "([^"]+)"/g)].map(([, url]) => url!)
        expect(scripts).toEqual(['/@id/__x00__virtual:limn/hero'])
        const modules = await get(scripts[0]!)
        await get(/"(\/@fs[^"]+swap\.ts[^"]*)"/.exec(modules)![1]!)
        await get(/\/@limn\/hero\/[^" ]+/.exec(html)![0])
        await get('/main.js')
        await get('/@id/__x00__virtual:limn/hero@og?no-inline')
        const css = await get('/a.css')
        await get(/\/@limn\/product[^")\\]+/.exec(css)![0])
      }
    } finally {
      await server.close()
    }
  })
})
