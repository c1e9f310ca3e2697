import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { InlineConfig } from 'vite'
import { describe, expect, it } from 'vitest'
import { limn, type Picture } from '../src/index.ts'
import { recipe } from './recipes.ts'
import { generatedSite, manifest, page, type Site, vites } from './site.ts'

const index = page['index.html']!

/** A site whose module assigns values to `globalThis.seen`. */
const siteOf = (
  vite: (typeof vites)[number][1],
  imports: string,
  seen: string,
  extra: Record<string, string> = {},
) =>
  generatedSite({
    isCut: false,
    vite,
    files: {
      'images.yaml': manifest,
      'index.html': index,
      'main.js': `${imports}\nglobalThis.seen = ${seen}\n`,
      ...extra,
    },
  })

/** Builds without Vite's code for old browsers, so that Node can run the result. */
const build = (site: Site, config: InlineConfig = {}): Promise<void> =>
  site.build({ ...config, build: { modulePreload: { polyfill: false }, ...config.build } })

/** Returns what the built module of a site assigns to `globalThis.seen`. */
async function seenIn(site: Site, file = 'index'): Promise<unknown> {
  const name = site.list('dist').find((path) => path.includes(file) && path.endsWith('.js'))!
  await import(/* @vite-ignore */ `${site.root}/dist/${name}`)
  return (globalThis as unknown as { seen: unknown }).seen
}

const pictures = (site: Site): string[] =>
  site
    .list('dist')
    .filter((path) => /\.(?:webp|jpg|png)$/.test(path))
    .map((path) => path.replace(/-[\w-]{8}\./, '.'))

describe.each(vites)('modules built by Vite %s', (_, vite) => {
  it('export URLs, data URLs and placeholders according to their queries', async () => {
    const site = await siteOf(
      vite,
      "import url from 'virtual:limn/hero?url'\nimport inline from 'virtual:limn/hero@og?inline'\nimport placeholder from 'virtual:limn/hero?placeholder'\nimport preset from 'virtual:limn/hero@hero?url'\nimport kept from 'virtual:limn/product/mug@square.webp?no-inline'\nimport small from 'virtual:limn/product/mug@square.webp'",
      '{ url, inline, placeholder, preset, kept, small }',
    )
    await build(site, { build: { assetsInlineLimit: 1_000_000 } })
    const seen = (await seenIn(site)) as Record<string, string>
    expect(seen['inline']).toMatch(/^data:image\/jpeg;base64,/)
    expect(seen['placeholder']).toMatch(/^data:image\/png;base64,/)
    expect(seen['url']).toMatch(/^data:image\/jpeg;base64,/)
    expect(seen['preset']).toBe(seen['url'])
    expect(seen['kept']).toMatch(/^\/assets\/mug-square-[\w-]{8}\.webp$/)
    expect(seen['small']).toMatch(/^data:image\/webp;base64,/)
    expect(pictures(site)).toEqual(['assets/mug-square.webp'])
  })

  it('are inlined below the limit of Vite, or if a function says so', async () => {
    const logo =
      '  logo: { prompt: A logo, alt: Logo, outputs: [{ name: s, width: 64, height: 64, formats: [png] }] }\n'
    const site = await siteOf(
      vite,
      "import mug from 'virtual:limn/product/mug@square.png'\nimport hero from 'virtual:limn/hero@og'\nimport logo from 'virtual:limn/logo'",
      '{ mug, hero, logo }',
      { 'images.yaml': `${manifest}${logo}` },
    )
    await build(site, {
      build: {
        assetsInlineLimit: (file, content) => (file.endsWith('.png') ? content.length > 0 : false),
      },
    })
    const {
      mug,
      hero,
      logo: lone,
    } = (await seenIn(site)) as { mug: string; hero: string; logo: Picture }
    expect([mug.slice(0, 15), hero.slice(0, 8), lone.src.slice(0, 15)]).toEqual([
      'data:image/png;',
      '/assets/',
      'data:image/png;',
    ])
    expect(pictures(site)).toEqual(['assets/hero-og.jpg'])
  })

  it('are files if they are candidates, however small', async () => {
    const site = await siteOf(
      vite,
      "import mug from 'virtual:limn/product/mug'\nimport set from 'virtual:limn/hero@hero'\nimport { hero } from 'virtual:limn'",
      '{ mug, set, hero }',
    )
    await build(site, { build: { assetsInlineLimit: 1_000_000 } })
    const { mug, set, hero } = (await seenIn(site)) as Record<'mug' | 'set' | 'hero', Picture>
    for (const { src, srcset, sources, img } of [mug, set, hero]) {
      expect(JSON.stringify([src, srcset, sources, img])).not.toContain('data:')
    }
    expect(pictures(site).sort()).toEqual([
      'assets/hero-hero-320.jpg',
      'assets/hero-hero-320.webp',
      'assets/hero-hero-640.jpg',
      'assets/hero-hero-640.webp',
      'assets/mug-square.png',
      'assets/mug-square.webp',
    ])
  })

  it('are exported by name from one module, and only the used ones are encoded and shipped', async () => {
    const extra =
      '  hero-night: { prompt: A dark sea, alt: Night, outputs: [{ name: s, width: 64, height: 64, formats: [png] }] }\n'
    const site = await siteOf(
      vite,
      "import { heroNight, 'product/mug' as mug } from 'virtual:limn'",
      '{ heroNight, mug }',
      { 'images.yaml': `${manifest}${extra}` },
    )
    await build(site, { build: { assetsInlineLimit: 0 } })
    const { heroNight, mug } = (await seenIn(site)) as { heroNight: Picture; mug: Picture }
    expect([heroNight.alt, mug.alt]).toEqual(['Night', 'A red mug'])
    expect(pictures(site)).toEqual([
      'assets/hero-night-s.png',
      'assets/mug-square.png',
      'assets/mug-square.webp',
    ])
    expect(site.list('node_modules/.cache/limn/outputs')).toHaveLength(3)
  })

  it('have the shape that picture components take', async () => {
    const site = await siteOf(vite, "import hero from 'virtual:limn/hero'", 'hero')
    await build(site, { build: { assetsInlineLimit: 0 } })
    const { sources, img, src, width, height } = (await seenIn(site)) as Picture
    expect(Object.keys(sources)).toEqual(['webp'])
    expect(img).toEqual({ src, w: width, h: height })
  })

  it('are inlined in a library, which cannot know the URLs of its files', async () => {
    const site = await siteOf(vite, '', '0', {
      'lib.js': "import mug from 'virtual:limn/product/mug'\nexport default mug\n",
    })
    await site.build({
      build: { lib: { entry: `${site.root}/lib.js`, formats: ['es'], fileName: () => 'lib.mjs' } },
    })
    expect(site.list('dist').filter((path) => path !== 'lib.mjs')).toEqual([])
    const { default: mug } = (await import(/* @vite-ignore */ `${site.root}/dist/lib.mjs`)) as {
      default: Picture
    }
    expect([mug.src.slice(0, 15), mug.srcset.slice(-5)]).toEqual(['data:image/png;', ' 300w'])
  })

  it('pass their URLs to renderBuiltUrl', async () => {
    const site = await siteOf(vite, "import hero from 'virtual:limn/hero'", 'hero')
    await build(site, {
      build: { assetsInlineLimit: 0 },
      experimental: {
        renderBuiltUrl: (file, { hostType }) =>
          hostType === 'js'
            ? { runtime: `${JSON.stringify('https://cdn/')} + ${JSON.stringify(file)}` }
            : undefined,
      },
    })
    const hero = (await seenIn(site)) as Picture
    expect(hero.srcset).toMatch(
      /^https:\/\/cdn\/assets\/hero-hero-320-[\w-]{8}\.jpg 320w, https:\/\/cdn\/assets\/hero-hero-640-[\w-]{8}\.jpg 640w$/,
    )
  })

  it('keep source maps correct', async () => {
    const site = await siteOf(vite, "import hero from 'virtual:limn/hero'", 'hero', {
      'main.js':
        "import hero from 'virtual:limn/hero'\n\nglobalThis.seen = hero\nfunction fail() {\n  throw new Error('the mark')\n}\nglobalThis.fail = fail\n",
    })
    await build(site, { build: { sourcemap: true, minify: false, assetsInlineLimit: 0 } })
    const file = site.list('dist').find((path) => /index.*\.js$/.test(path))!
    const lines = site.read(`dist/${file}`).split('\n')
    const line = lines.findIndex((text) => text.includes('the mark'))
    const { SourceMap } = await import('node:module')
    const entry = new SourceMap(
      JSON.parse(site.read(`dist/${file}.map`)) as ConstructorParameters<typeof SourceMap>[0],
    ).findEntry(line, lines[line]!.indexOf('throw'))
    expect(entry).toMatchObject({
      originalSource: expect.stringMatching(/main\.js$/) as string,
      originalLine: 4,
    })
  })

  it('have the same URLs in the client and the server of one build', async () => {
    const site = await siteOf(vite, "import hero from 'virtual:limn/hero'", 'hero', {
      'server.js': "import hero from 'virtual:limn/hero'\nexport default hero\n",
    })
    const builder = await vite.createBuilder({
      ...site.config(),
      builder: {},
      environments: {
        ssr: { build: { outDir: 'server', rollupOptions: { input: `${site.root}/server.js` } } },
      },
    })
    await builder.buildApp()
    const { default: hero } = (await import(
      /* @vite-ignore */ `${site.root}/server/${site.list('server').find((path) => /server\.m?js$/.test(path))}`
    )) as { default: Picture }
    expect(site.list('dist').map((path) => `/${path}`)).toEqual(
      expect.arrayContaining([hero.src, hero.srcset.split(' ')[0]]),
    )
    expect(site.list('server').filter((path) => !/\.m?js$/.test(path))).toEqual([])
  })

  it('report the file that imports an unknown image', async () => {
    const site = await siteOf(vite, "import './other.js'", '0', {
      'other.js':
        "console.log('x')\nimport x from 'virtual:limn/product/mugg@square'\nconsole.log(x)\n",
    })
    await expect(site.build()).rejects.toThrow(
      expect.objectContaining({
        message: expect.stringMatching(
          /There is no asset "product\/mugg"[\s\S]*Did you mean "product\/mug"\?/,
        ) as string,
      }),
    )
    await expect(site.build()).rejects.toThrow(
      expect.objectContaining({ message: expect.stringContaining('other.js') as string }),
    )
  })
})

describe.each(vites)('modules on the dev server of Vite %s', (_, vite) => {
  it('export the same as in a build', async () => {
    const site = await siteOf(
      vite,
      "import { hero, 'product/mug' as mug } from 'virtual:limn'\nimport url from 'virtual:limn/hero?url'\nimport inline from 'virtual:limn/hero@og?inline'\nimport placeholder from 'virtual:limn/hero?placeholder'\nimport preset from 'virtual:limn/product/mug@square'",
      '{ hero, mug, url, inline, placeholder, preset }',
      { 'images.yaml': manifest.replace('formats: [webp, png]', 'formats: [avif, png]') },
    )
    await build(site)
    const { server } = await site.dev()
    await server.ssrLoadModule('/main.js')
    const seen = (
      globalThis as unknown as {
        seen: Record<string, string> & { hero: Picture; mug: Picture; preset: unknown }
      }
    ).seen
    expect([seen.hero.alt, seen.mug.alt]).toEqual(['A lighthouse', 'A red mug'])
    expect(seen['url']).toMatch(/^\/@limn\/hero\/hero-640\.jpg\?v=/)
    expect(seen['inline']).toMatch(/^data:image\/jpeg;base64,/)
    expect(seen['placeholder']).toMatch(/^data:image\/png;base64,/)
    expect(seen.preset).toMatchObject({ alt: 'A red mug' })
  })
})

describe('types', () => {
  it('reject imports and components in tsc that do not match the manifest', async () => {
    const site = await siteOf(vites[0]![1], '', '0', {
      'good.ts':
        "import { hero, 'product/mug' as mug, productMug } from 'virtual:limn'\nimport og from 'virtual:limn/hero@og'\nimport set from 'virtual:limn/hero@hero'\nimport url from 'virtual:limn/hero?url'\nimport inline from 'virtual:limn/hero@hero-320.webp?inline'\nimport placeholder from 'virtual:limn/product/mug?placeholder'\nimport presetUrl from 'virtual:limn/hero@hero?url'\nimport kept from 'virtual:limn/product/mug@square.webp?no-inline'\nimport keptSet from 'virtual:limn/product/mug@square?no-inline'\nexport const strings: string[] = [og, url, inline, placeholder, presetUrl, kept, hero.img.src, mug.alt]\nexport const numbers: number[] = [set.width, productMug.height, keptSet.height]\n",
      'plain.ts': `import hero from 'virtual:limn/hero'\n${recipe('Plain DOM')}document.body.append(createPicture(hero))\n`,
      'bad.ts':
        "import og from 'virtual:limn/heroo'\nimport hero from 'virtual:limn/hero'\nimport { heroo } from 'virtual:limn'\nexport const x: string = hero\nexport { og, heroo }\nimport nope from 'virtual:limn/hero@nope?url'\nexport { nope }\n",
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          module: 'esnext',
          moduleResolution: 'bundler',
          strict: true,
          noEmit: true,
          target: 'esnext',
          lib: ['esnext', 'dom'],
          types: [],
          skipLibCheck: true,
          allowImportingTsExtensions: true,
          paths: {
            '@limn/vite-plugin': [
              join(import.meta.dirname, '../../core/src/project/picture/picture.ts'),
            ],
          },
        },
        include: ['*.ts'],
      }),
    })
    await site.build()
    const tsc = join(import.meta.dirname, '../../../node_modules/.bin/tsc')
    let printed = ''
    try {
      execFileSync(tsc, ['-p', site.root, '--pretty', 'false'], { encoding: 'utf8' })
    } catch (error) {
      printed = (error as { stdout: string }).stdout
    }
    const mistakes = printed
      .split('\n')
      .filter(
        (line) =>
          /^(?:\S*\/)?(?:good|plain|bad|limn\.d)\.ts/.test(line) || line.includes('limn-site'),
      )
    expect(
      mistakes.map((line) =>
        line.replace(/^.*?((?:bad|good|plain|limn\.d)\.ts\(\d+).*?(TS\d+).*$/, '$1 $2'),
      ),
    ).toEqual(['bad.ts(1 TS2307', 'bad.ts(3 TS2724', 'bad.ts(4 TS2322', 'bad.ts(6 TS2307'])
  })
})

it('requires Vite 7', () => {
  const { config } = limn().find(({ name }) => name === 'limn:config') as unknown as {
    config(this: { meta: { viteVersion: string } }): void
  }
  expect(() => config.call({ meta: { viteVersion: '6.4.6' } })).toThrow(
    'requires Vite 7 or later, but this is Vite 6.4.6',
  )
  expect(() => config.call({ meta: { viteVersion: '8.3.8' } })).not.toThrow()
})
