import inspect from 'vite-plugin-inspect'
import { describe, expect, it } from 'vitest'
import { useBrowser, waitFor } from './browser.ts'
import { generatedSite, manifest, page as files, vites } from './site.ts'

const open = useBrowser()

/** The report of vite-plugin-inspect for one module of a build. */
type Transforms = {
  resolvedId: string
  transforms: { name: string; result?: string; error?: unknown }[]
}

/** A site with images in modules, in a style and in its page. */
const siteFor = (vite: (typeof vites)[number][1]) =>
  generatedSite({
    vite,
    files: {
      'images.yaml': manifest,
      ...files,
      'main.js': `import './a.css'\n${files['main.js']!}`,
      'a.css': 'body { background: url("~limn/hero@og") }\n',
    },
  })

describe.each(vites)('vite-plugin-inspect with Vite %s', (_, vite) => {
  it('shows the code of Limn’s modules in dev', async () => {
    const site = await siteFor(vite)
    const { url } = await site.dev({ plugins: [site.config().plugins, inspect()] })
    const { problems: ofSite } = await open(url)
    const { page, problems } = await open(`${url}__inspect/`)
    await page.getByText('virtual', { exact: true }).first().click()
    for (const name of ['virtual:limn/hero', 'virtual:limn/hero@og', 'virtual:limn/product/mug']) {
      await page.getByText(name, { exact: false }).first().waitFor()
    }
    await page.getByText('virtual:limn/product/mug').first().click()
    const shown = await waitFor(
      () => page.evaluate(() => document.body.innerText),
      (text) => text.includes('limn:modules'),
    )
    expect(shown).toContain('import { update } from "virtual:limn-client"')
    expect(shown).toContain('/@limn/product/mug/square.png?v=')
    expect(shown).not.toMatch(/\[Error\]/)
    expect([...ofSite, ...problems]).toEqual([])
  })

  it('reports the code of Limn’s modules in a build', async () => {
    const site = await siteFor(vite)
    const reports = '.vite-inspect/reports'
    await site.build({
      plugins: [
        site.config().plugins,
        inspect({ build: true, outputDir: `${site.root}/.vite-inspect` }),
      ],
      build: { assetsInlineLimit: 0 },
    })
    // The build does not wait for the report. This file is written last.
    const { instances } = await waitFor(
      () =>
        JSON.parse(site.read(`${reports}/metadata.json`)) as {
          instances: { plugins: { name: string }[] }[]
        },
      () => true,
    )
    const paths = site.list(reports)
    const modules = paths
      .filter((path) => path.includes('/transforms/'))
      .map((path) => JSON.parse(site.read(`${reports}/${path}`)) as Transforms)
    const byId = new Map(modules.map(({ resolvedId, transforms }) => [resolvedId, transforms]))
    for (const id of [
      '\0virtual:limn/hero',
      '\0virtual:limn/hero@og',
      '\0virtual:limn/product/mug',
    ]) {
      expect(byId.get(id)?.[0], id).toMatchObject({
        name: 'limn:modules',
        result: expect.stringMatching(/^export default .*__LIMN_[0-9a-f]{24}__/) as string,
      })
    }
    const style = byId.get(`${site.root}/a.css`)!
    expect(style.find(({ name }) => name === 'vite:css')?.result).toMatch(/url\("__VITE_ASSET__/)
    expect(
      modules.flatMap(({ transforms }) => transforms.filter(({ error }) => error !== undefined)),
    ).toEqual([])
    const names = instances.at(-1)!.plugins.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['limn:modules', 'limn:css', 'limn:html', 'limn:build']),
    )
  })
})
