import { createLogger, type Logger } from 'vite'
import { describe, expect, it } from 'vitest'
import { generatedSite, manifest, type Site, vites } from './site.ts'

/** Collects what Limn warns of. */
function collector(warnings: string[]): Logger {
  const logger = createLogger('silent')
  logger.warn = (text) => {
    if (text.includes('[limn]')) warnings.push(text.replace(/ so the .*$/, '').trim())
  }
  return logger
}

const page = (body: string, head = ''): string =>
  `<!doctype html>\n<html lang="en">\n<head><title>site</title>${head}</head>\n<body>\n${body}\n<script type="module" src="/main.js"></script>\n</body>\n</html>\n`

/** Builds a site, and returns what it warns of. */
async function warningsOf(site: Site): Promise<string[]> {
  const warnings: string[] = []
  await site.build({ customLogger: collector(warnings), build: { assetsInlineLimit: 0 } })
  return warnings
}

describe.each(vites)('references in other places of a build of Vite %s', (_, vite) => {
  const siteOf = (files: Record<string, string>): Promise<Site> =>
    generatedSite({
      vite,
      limn: { siteUrl: 'https://example.com' },
      files: { 'images.yaml': manifest, 'index.html': page(''), 'main.js': '', ...files },
    })

  it.each([
    [
      'data-src',
      '<img data-src="limn:hero" alt="">',
      /data-src="\/assets\/hero-hero-640-[\w-]{8}\.jpg"/,
    ],
    ['background', '<table background="limn:hero@og"></table>', /background="\/assets\/hero-og-/],
    [
      'data-srcset',
      '<img data-srcset="limn:hero@hero.webp" alt="">',
      /data-srcset="\/assets\/hero-hero-320-[\w-]{8}\.webp 320w, \/assets\/hero-hero-640/,
    ],
    [
      'structured data',
      '<script type="application/ld+json">{ "name": "limn", "image": ["limn:hero@og"] }</script>',
      /"image": \["https:\/\/example\.com\/assets\/hero-og-[\w-]{8}\.jpg"\]/,
    ],
    [
      'data for a script',
      '<script type="application/json" id="data">{ "src": "limn:hero@og" }</script>',
      /"src": "\/assets\/hero-og-[\w-]{8}\.jpg"/,
    ],
    [
      'a style attribute',
      '<i style="background: url(limn:hero@og)"></i>',
      /style="background: url\(\/assets\/hero-og-[\w-]{8}\.jpg\)"/,
    ],
  ])('are replaced: %s', async (_name, body, expected) => {
    const site = await siteOf({ 'index.html': page(body) })
    expect(await warningsOf(site)).toEqual([])
    expect(site.read('dist/index.html')).toMatch(expected)
    expect(site.read('dist/index.html')).not.toContain('limn:')
  })

  it.each([
    ['<a onclick="show(\'limn:hero\')">a</a>', '5:19', 'in the attribute onclick'],
    ['<iframe srcdoc="<img src=limn:hero>"></iframe>', '5:26', 'in the attribute srcdoc'],
    [
      '<meta http-equiv="refresh" content="0; url=limn:hero@og">',
      '5:44',
      'in the attribute content',
    ],
    ['<i style="--picture: limn:hero"></i>', '5:22', 'in the attribute style'],
    ['<div data-src="limn:heroo"></div>', '5:16', 'in the attribute data-src'],
    ["<script>window.x = 'limn:hero'</script>", '5:21', 'in a <script>'],
    [
      '<script type="application/ld+json">{ "image": "limn:nobody" }</script>',
      '5:48',
      'in a <script>',
    ],
    ['<style>p { --x: "limn:hero" }</style>', '5:18', 'in a <style>'],
  ])('are reported with their place: %s', async (body, place, where) => {
    const site = await siteOf({ 'index.html': page(body) })
    const warnings = await warningsOf(site)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain(`[limn] index.html:${place} Limn does not replace "limn:`)
    expect(warnings[0]).toContain(where)
  })

  it.each([
    ['main.js', 'console.log(1)\nexport const src = "limn:hero"\nconsole.log(src)\n', '2:21'],
    ['main.js', 'const n = globalThis.n\nconsole.log(`limn:hero@${n}`)\n', '2:14'],
    ['a.json', '{\n  "src": "limn:product/mug"\n}\n', '2:11'],
    ['a.md', '# limn\n\n![](limn:hero)\n', '3:5'],
    ['a.css', 'p { color: red }\np { --x: "limn:hero" }\n', '2:11'],
  ])('are reported in %s: %j', async (name, text, place) => {
    const imports: Record<string, string> = {
      'a.json': "import data from './a.json'\nconsole.log(data)\n",
      'a.md': "import text from './a.md?raw'\nconsole.log(text)\n",
      'a.css': "import './a.css'\n",
    }
    const site = await siteOf({ 'main.js': imports[name] ?? '', [name]: text })
    const warnings = await warningsOf(site)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain(`[limn] ${name}:${place} Limn does not replace "limn:`)
  })

  it('are no references in text, comments, other words and unused code', async () => {
    const site = await siteOf({
      'index.html': page(
        '<!-- limn:hero --><p>limn:hero</p><i data-x="no-limn:hero" title="limn: x">',
      ),
      'main.js':
        "import { used } from './a.js'\nconsole.log(used, 'limn:something-quite-different', 'limn: hero')\n",
      'a.js': "export const used = 1\nexport const unused = 'limn:hero'\n",
    })
    expect(await warningsOf(site)).toEqual([])
  })
})
