import { mkdtempSync, writeFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, dirname } from 'node:path'
import { openProject } from '@limn/core'
import * as vite8 from 'vite'
import * as vite7 from 'vite7'
import * as vite84 from 'vite84'
import { limn } from '../src/index.ts'
const base = mkdtempSync(join(tmpdir(), 'inst-'))
const manifest = `version: 1
provider: local
assets:
  hero: { prompt: A lighthouse at dawn, alt: A lighthouse, outputs: [{ name: c, widths: [100, 200], formats: [webp] }] }
`
const files = {
  'images.yaml': manifest,
  'index.html':
    '<!doctype html><html><head><title>x</title><meta property="og:image" content="limn:hero"></head><body background="limn:hero"><img src="limn:hero"><script type="module" src="/main.js"></script></body></html>',
  'main.js':
    "import hero from 'virtual:limn/hero?no-inline'\nimport './a.css'\nglobalThis.hero = hero\n",
  'server.js': "import hero from 'virtual:limn/hero?no-inline'\nexport const h = hero\n",
  'a.css': 'a{background:url("~limn/hero")}',
  'vite.config.js': `import limn from ${JSON.stringify(join(import.meta.dirname, '../src/index.ts'))}
export default { plugins: [limn()], logLevel: 'warn', build: { assetsInlineLimit: 0 }, builder: {}, environments: { client: { build: { outDir: 'dist/client' } }, ssr: { build: { outDir: 'dist/ssr', rollupOptions: { input: 'server.js' } } } } }\n`,
}
let n = 0
function site() {
  const root = join(base, String(n++))
  for (const [p, t] of Object.entries(files)) {
    mkdirSync(dirname(join(root, p)), { recursive: true })
    writeFileSync(join(root, p), t)
  }
  return root
}
const first = site()
await openProject({ cwd: first }).generate({ derive: false })
import { cpSync } from 'node:fs'
for (const [v, vite] of [
  ['8.3', vite8],
  ['7', vite7],
  ['8.4', vite84],
]) {
  const tryIt = async (name, f) => {
    const root = site()
    for (const x of ['images', 'images.lock'])
      cpSync(join(first, x), join(root, x), { recursive: true })
    try {
      await f(root)
      const all = readdirSync(join(root, 'dist'), { recursive: true })
        .map(String)
        .filter((x) => /\.(js|html|css|webp)$/.test(x))
        .sort()
      const left = all
        .filter((x) => !x.endsWith('.webp'))
        .filter((x) =>
          /limn:|__LIMN|~limn|virtual:limn/.test(readFileSync(join(root, 'dist', x), 'utf8')),
        )
      console.log(v, name, 'ok', all.length, left.length ? 'LEFT ' + left : '', all.join(' '))
    } catch (e) {
      console.log(v, name, 'FAIL', e.message.slice(0, 300))
    }
  }
  const envs = {
    builder: {},
    environments: {
      client: { build: { outDir: 'dist/client' } },
      ssr: { build: { outDir: 'dist/ssr', rollupOptions: { input: 'server.js' } } },
    },
  }
  const inline = (root, plugins) => ({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins,
    build: { assetsInlineLimit: 0 },
  })
  await tryIt('config file --app', async (root) => {
    const b = await vite.createBuilder({ root, logLevel: 'warn' })
    await b.buildApp()
  })
  await tryIt('builder inline', async (root) => {
    const b = await vite.createBuilder({ ...inline(root, [limn()]), ...envs })
    await b.buildApp()
  })
  await tryIt('builder sharedConfigBuild', async (root) => {
    const b = await vite.createBuilder({
      ...inline(root, [limn()]),
      ...envs,
      builder: { sharedConfigBuild: true },
    })
    await b.buildApp()
  })
  await tryIt('builder legacy', async (root) => {
    const b = await vite.createBuilder(inline(root, [limn()]), null)
    await b.buildApp()
  })
  await tryIt('twice in one', async (root) => {
    await vite.build(inline(root, [limn(), limn()]))
  })
  const shared = limn()
  await tryIt('same array 1', async (root) => {
    await Promise.all([
      vite.build(inline(root, [shared])),
      vite.build({
        ...inline(root, [shared]),
        build: { outDir: 'dist/b', emptyOutDir: false, assetsInlineLimit: 0 },
      }),
    ])
  })
  await tryIt('resolved before', async (root) => {
    await vite.resolveConfig(inline(root, [shared]), 'build')
    await vite.build(inline(root, [shared]))
  })
  await tryIt('mergeConfig', async (root) => {
    await vite.build(vite.mergeConfig(inline(root, [limn()]), { plugins: [limn()], base: '/x/' }))
  })
  await tryIt('ssr build', async (root) => {
    await vite.build({
      ...inline(root, [limn()]),
      build: { ssr: 'server.js', ssrEmitAssets: true },
    })
  })
  await tryIt('worker', async (root) => {
    writeFileSync(
      join(root, 'w.js'),
      "import h from 'virtual:limn/hero?no-inline'\npostMessage(h)\n",
    )
    writeFileSync(
      join(root, 'main.js'),
      "new Worker(new URL('./w.js', import.meta.url), {type:'module'})\n",
    )
    await vite.build({
      ...inline(root, [limn()]),
      worker: { format: 'es', plugins: () => [limn()] },
    })
  })
}
rmSync(base, { recursive: true, force: true })
